import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit } from '../support/core-app.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { delta, finish, jsonAnswer, SSE_HEAD, sse } from '../support/raw-provider.ts';

const FACTOR = 50;
const streamed = { ...ask, stream: true };
const reasoning = { reasoning: ['up'] };

describe('a reasoning model', () => {
  it('has its client at 200 after 10 s, and comments until the answer comes', async () => {
    const think = Promise.withResolvers<void>();
    await using core = await startChatCore(
      async (socket) => {
        await think.promise;
        socket.end(SSE_HEAD + delta('Hello') + finish() + sse('[DONE]'));
      },
      reasoning,
      createFastClock(FACTOR),
    );
    const response = await core.fetch('/v1/chat/completions', chatInit(streamed));
    expect(response.status).toBe(200);
    expect(core.log.rows()).toMatchObject([{ outcome: 'open' }]);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(': ping\n\n');
    think.resolve();
    let text = '';
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      text += next.value;
    }
    expect(text).toContain('Hello');
    expect(text).toContain('[DONE]');
  });

  it('whose provider fails by then leaves an error event, not a silent end', async () => {
    await using core = await startChatCore(
      async (socket) => {
        await sleep(12_000 / FACTOR);
        socket.end(jsonAnswer(500, { error: {} }));
      },
      { ...reasoning, retryAttempts: 0 },
      createFastClock(FACTOR),
    );
    const response = await core.fetch('/v1/chat/completions', chatInit(streamed));
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('"code":"upstream_unavailable"');
    expect(text).not.toContain('[DONE]');
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      { outcome: 'failed', errorCode: 'upstream_unavailable' },
    ]);
  });
});

describe('the limits of time', () => {
  it.each([
    ['x-gateway-timeout-ms', '0'],
    ['x-gateway-timeout-ms', '1.5'],
    ['x-gateway-max-attempts', '-1'],
    ['x-gateway-max-attempts', 'many'],
  ])('refuse %s: %s', async (name, value) => {
    await using core = await startChatCore(whole);
    const init = chatInit(ask);
    const headers = { ...init.headers, [name]: value };
    const response = await core.fetch('/v1/chat/completions', { ...init, headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: name } });
  });

  it('may be tightened by the client for the whole request', async () => {
    await using core = await startChatCore(() => {});
    const init = chatInit(ask);
    const headers = { ...init.headers, 'x-gateway-timeout-ms': '100' };
    const response = await core.fetch('/v1/chat/completions', { ...init, headers });
    expect(response.status).toBe(504);
  });

  const drip = (until: number) => async (socket: Socket) => {
    socket.write(SSE_HEAD);
    for (let n = 0; n < until; n++) {
      socket.write(delta('x'));
      await sleep(5_000 / FACTOR);
    }
    socket.end(finish() + sse('[DONE]'));
  };

  it('let a stream that keeps coming outlive the 30 s of whole answers', async () => {
    await using core = await startChatCore(drip(8), {}, createFastClock(FACTOR));
    const response = await core.fetch('/v1/chat/completions', chatInit(streamed));
    expect(await response.text()).toContain('[DONE]');
  });

  it('end a stream at the total that is configured, with an error event', async () => {
    const limits = { timeoutMs: 20_000 };
    await using core = await startChatCore(drip(8), limits, createFastClock(FACTOR));
    const response = await core.fetch('/v1/chat/completions', chatInit(streamed));
    const text = await response.text();
    expect(text).toContain('upstream_stream_interrupted');
    expect(text).not.toContain('[DONE]');
  });
});

describe('a verified stream', () => {
  const verified = (body: object) => {
    const init = chatInit(body);
    return { ...init, headers: { ...init.headers, 'x-gateway-stream': 'verified' } };
  };

  it('shows nothing of an answer that breaks off', async () => {
    await using core = await startChatCore(
      (socket) => void socket.end(SSE_HEAD + delta('half an answer')),
      { retryAttempts: 0 },
    );
    const response = await core.fetch('/v1/chat/completions', verified(streamed));
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('half');
  });

  it('comes whole', async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/v1/chat/completions', verified(streamed));
    const text = await response.text();
    expect(text).toContain('"content":"Hello"');
    expect(text).toMatch(/\[DONE\]\n\n$/);
  });
});

describe('a request that the edge cancels', () => {
  it('ends at the provider within 2 s, and its row says so', async () => {
    await using core = await startChatCore((socket) => void socket.write(SSE_HEAD + delta('a')));
    const requestId = crypto.randomUUID();
    const init = chatInit(streamed);
    const headers = { ...init.headers, 'x-request-id': requestId };
    const response = await core.fetch('/v1/chat/completions', { ...init, headers });
    await response.body?.getReader().read();
    const [socket] = core.provider.open;
    const closed = socket && once(socket, 'close');
    const path = `/internal/cancel/${requestId}`;
    expect((await core.fetch(path, { method: 'POST' })).status).toBe(403);
    expect((await core.fetch(path, { method: 'POST' }, { kind: 'edge' })).status).toBe(204);
    await closed;
    await expect
      .poll(() => core.log.rows(), { timeout: 2_000 })
      .toMatchObject([{ outcome: 'client_closed', httpStatus: 499 }]);
  });
});
