/** `Idempotency-Key` through the whole gateway, over real sockets. */
import { afterAll, describe, expect, it, vi } from 'vitest';
import { endAll, startLocalStack, temporaryFolder } from '../support/local-stack.ts';
import {
  delta,
  finish,
  type RawScript,
  SSE_HEAD,
  sse,
  startRawProvider,
  usage,
} from '../support/raw-provider.ts';

afterAll(endAll);

const streamed = { model: 'up', messages: [{ role: 'user', content: 'Hello' }], stream: true };

async function startGateway(script: RawScript) {
  const provider = await startRawProvider(script);
  const { baseUrl } = provider;
  const up = { name: 'up', kind: 'openai', baseUrl, apiKey: 'key', models: ['up'] };
  const folder = await temporaryFolder({ providers: [up] });
  const start = async () => {
    const stack = await startLocalStack({ folder });
    const chat = (key: string, body: object = streamed, signal?: AbortSignal) =>
      stack.request('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
    return { ...stack, chat };
  };
  return { provider, start, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
}

describe('an Idempotency-Key', () => {
  it('brings a client that hung up its answer, from one call of the provider, also after a restart', async () => {
    const rest = Promise.withResolvers<void>();
    await using gateway = await startGateway(async (socket) => {
      socket.write(SSE_HEAD + delta('Hel'));
      await rest.promise;
      socket.end(delta('lo') + finish() + usage(10, 5) + sse('[DONE]'));
    });
    let stack = await gateway.start();
    const client = new AbortController();
    const { body } = await stack.chat('key', streamed, client.signal);
    await body?.getReader().read();
    client.abort();
    const early = await stack.chat('key');
    expect([early.status, Number(early.headers.get('retry-after')) > 0]).toEqual([409, true]);
    rest.resolve();
    const { chat } = stack;
    const answer = await vi.waitFor(
      async () => {
        const again = await chat('key');
        expect(again.status).toBe(200);
        return again;
      },
      { timeout: 10_000, interval: 100 },
    );
    const text = await answer.text();
    expect(text).toMatch(/"Hel".*"lo".*\[DONE\]\n\n$/s);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'idempotent-replayed': 'true',
      'x-gateway-cache': 'BYPASS',
      'x-gateway-provider': 'up',
    });
    expect((await stack.chat('key', { ...streamed, stream: false })).status).toBe(422);

    await stack.stop();
    stack = await gateway.start();
    expect(await (await stack.chat('key')).text()).toBe(text);
    expect(gateway.provider.requests).toHaveLength(1);
    await stack.stop();
  });
});
