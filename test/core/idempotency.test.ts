import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSseItems } from '../../core/contract/sse.ts';
import { whole } from '../support/chat-core.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { ask, startDatabase, startIdempotentCore } from '../support/idempotent-core.ts';
import { delta, finish, jsonAnswer, SSE_HEAD, sse, usage } from '../support/raw-provider.ts';

let database: Awaited<ReturnType<typeof startDatabase>>;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const newKey = () => crypto.randomUUID();
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } };

const codeOf = async (response: Response) => (await response.json()).error?.code;

describe('two requests with one Idempotency-Key and one body', () => {
  it('50 at once are one upstream call: one is answered, the others are told when to ask again', async () => {
    const gate = Promise.withResolvers<void>();
    await using core = await startIdempotentCore(
      async (socket, request) => {
        await gate.promise;
        await whole(socket, request);
      },
      { database },
    );
    const key = newKey();
    let answered = 0;
    const responses = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await core.chat(key);
        answered += 1;
        if (answered === 49) gate.resolve();
        return response;
      }),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = responses.filter(({ status }) => status !== 200);
    for (const response of refused) {
      expect(response.status).toBe(409);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await codeOf(response)).toBe('idempotency_in_flight');
    }
    expect((await core.chat(key)).headers.get('idempotent-replayed')).toBe('true');
    expect(core.provider.requests).toHaveLength(1);
  });

  it.each([
    ['JSON', ask, {}],
    ['a stream', streamed, {}],
    ['a stream without usage', { ...ask, stream: true }, {}],
    ['a verified stream', streamed, { 'x-gateway-stream': 'verified' }],
  ])('%s: the same bytes, and who answered at what cost', async (_, body, headers) => {
    await using core = await startIdempotentCore(whole, { database });
    const key = newKey();
    const first = await core.chat(key, body, { headers });
    const firstText = await first.text();
    const second = await core.chat(key, body, { headers });
    expect(await second.text()).toBe(firstText);
    expect(second.status).toBe(200);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const ofTheAnswer = [...first.headers].filter(([name]) =>
      /^(content-type$|x-gateway)/.test(name),
    );
    expect(ofTheAnswer.length).toBeGreaterThan(3);
    expect(Object.fromEntries(second.headers)).toMatchObject({
      ...Object.fromEntries(ofTheAnswer),
      'idempotent-replayed': 'true',
    });
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('the second costs nothing, and its row leads to the one that paid', async () => {
    await using core = await startIdempotentCore(whole, { database });
    const key = newKey();
    const first = await core.chat(key, streamed);
    await first.text();
    await (await core.chat(key, streamed)).text();
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      { outcome: 'success', costMicroUsd: 20 },
      {
        outcome: 'success',
        costMicroUsd: 0,
        attempts: [],
        replayOf: first.headers.get('x-request-id'),
      },
    ]);
  });

  it('a client of OpenAI reads the same chunks twice: text, tool call, finish, usage', async () => {
    const call = (fields: object) =>
      sse({
        id: 'up-1',
        model: 'up',
        created: 5,
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] } }],
      });
    await using core = await startIdempotentCore(
      (socket) =>
        void socket.end(
          SSE_HEAD +
            delta('Hel') +
            delta('lo') +
            call({ id: 'call-1', type: 'function', function: { name: 'f', arguments: '{"a"' } }) +
            call({ function: { arguments: ':1}' } }) +
            finish('tool_calls') +
            usage(10, 5) +
            sse('[DONE]'),
        ),
      { database },
    );
    const openai = new OpenAI({
      apiKey: 'key',
      baseURL: 'http://core/v1',
      maxRetries: 0,
      fetch: (url, init) => core.fetch(new URL(String(url)).pathname, init),
    });
    const idempotencyKey = newKey();
    const read = async () =>
      Array.fromAsync(
        await openai.chat.completions.create(
          {
            model: 'up',
            messages: [{ role: 'user', content: 'Hello' }],
            stream: true,
            stream_options: { include_usage: true },
          },
          { headers: { 'Idempotency-Key': idempotencyKey } },
        ),
      );
    const first = await read();
    expect(await read()).toEqual(first);
    expect(first.at(-1)?.usage).toMatchObject({ total_tokens: 15, cost: 0.00002 });
    expect(first.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['tool_calls']);
    expect(core.provider.requests).toHaveLength(1);
  });

  it('embeddings are given again too, and only by their own endpoint', async () => {
    const vector = { object: 'embedding', index: 0, embedding: [1, 2] };
    const counted = { prompt_tokens: 3, total_tokens: 3 };
    await using core = await startIdempotentCore(
      (socket) =>
        void socket.end(
          jsonAnswer(200, { object: 'list', data: [vector], model: 'up', usage: counted }),
        ),
      { database },
    );
    const key = newKey();
    const body = { ...ask, input: 'text' };
    const embed = () =>
      core.fetch('/v1/embeddings', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
    const first = await (await embed()).text();
    expect(await (await embed()).text()).toBe(first);
    expect(core.provider.requests).toHaveLength(1);
    expect(await codeOf(await core.chat(key, body))).toBe('idempotency_mismatch');
  });
});

describe('a request with an Idempotency-Key', () => {
  it.each([
    ['other words', { ...ask, messages: [{ role: 'user', content: 'other' }] }, 422],
    ['a stream in place of JSON', { ...ask, stream: true }, 422],
    ['one more field', { ...ask, temperature: 0 }, 422],
    ['the fields in another order', Object.fromEntries(Object.entries(ask).reverse()), 200],
  ])('under a key that is taken, with %s', async (_, body, status) => {
    await using core = await startIdempotentCore(whole, { database });
    const key = newKey();
    await core.chat(key);
    const second = await core.chat(key, body);
    expect(second.status).toBe(status);
    if (status === 422) expect(await codeOf(second)).toBe('idempotency_mismatch');
    expect(core.provider.requests).toHaveLength(1);
  });

  it.each([
    ['API key', { ...PRINCIPAL, keyId: 'other1234567' }],
    ['tenant', { ...PRINCIPAL, tenantId: 'other' }],
  ])('shares its key with no other %s', async (_, other) => {
    await using core = await startIdempotentCore(whole, { database });
    const headers = { 'content-type': 'application/json', 'idempotency-key': newKey() };
    const init = { method: 'POST', headers, body: JSON.stringify(ask) };
    for (const principal of [PRINCIPAL, other] as (typeof PRINCIPAL)[]) {
      const answer = await core.fetch('/v1/chat/completions', init, {
        kind: 'principal',
        principal,
      });
      expect(answer.headers.get('idempotent-replayed')).toBeNull();
    }
    expect(core.provider.requests).toHaveLength(2);
  });

  it('may use a model only while its key may, also for an answer that is kept', async () => {
    await using core = await startIdempotentCore(whole, { database });
    const headers = { 'content-type': 'application/json', 'idempotency-key': newKey() };
    const init = { method: 'POST', headers, body: JSON.stringify(ask) };
    await core.fetch('/v1/chat/completions', init);
    const principal = { ...PRINCIPAL, models: ['other'] };
    const answer = await core.fetch('/v1/chat/completions', init, { kind: 'principal', principal });
    expect(answer.status).toBe(403);
  });

  it.each(['', 'k'.repeat(256), 'ü'])(
    'is refused with the key "%s", and asks nobody',
    async (key) => {
      await using core = await startIdempotentCore(whole, { database });
      const answer = await core.chat(key);
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_parameter']);
      expect(core.provider.requests).toHaveLength(0);
    },
  );

  it('is finished for a client that left, and kept for when it comes back', async () => {
    const rest = Promise.withResolvers<void>();
    await using core = await startIdempotentCore(
      async (socket) => {
        socket.write(SSE_HEAD + delta('Hel'));
        await rest.promise;
        socket.end(delta('lo') + finish() + usage(10, 5) + sse('[DONE]'));
      },
      { database },
    );
    const key = newKey();
    const client = new AbortController();
    const first = await core.chat(key, streamed, { signal: client.signal });
    const reader = first.body?.getReader();
    await reader?.read();
    client.abort();
    await reader?.cancel();
    expect(await codeOf(await core.chat(key, streamed))).toBe('idempotency_in_flight');
    rest.resolve();
    await core.settled();
    const second = await core.chat(key, streamed);
    const items = await Array.fromAsync(parseSseItems(second.body as ReadableStream<Uint8Array>));
    const events = items.filter(({ kind }) => kind === 'data').map(({ text }) => text);
    expect(events.join()).toMatch(/Hel.*lo.*"total_tokens":15.*\[DONE\]$/);
    expect(core.provider.requests).toHaveLength(1);
    expect(core.log.rows()[0]).toMatchObject({ outcome: 'success', costMicroUsd: 20 });
  });
});
