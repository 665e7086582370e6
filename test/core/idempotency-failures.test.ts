/** Which failures of a request free its idempotency key, and which are its answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whole } from '../support/chat-core.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { ask, startDatabase, startIdempotentCore } from '../support/idempotent-core.ts';
import { delta, jsonAnswer, type RawScript, SSE_HEAD, sse } from '../support/raw-provider.ts';

let database: Awaited<ReturnType<typeof startDatabase>>;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const newKey = () => crypto.randomUUID();
const streamed = { ...ask, stream: true };

/** Fails as often as the answers say, then is well. */
const failing = (...answers: readonly string[]): RawScript => {
  const left = [...answers];
  return (socket, request) => {
    const answer = left.shift();
    return answer === undefined ? whole(socket, request) : void socket.end(answer);
  };
};

describe('a request with an Idempotency-Key that fails', () => {
  it.each([
    ['500', jsonAnswer(500, {}), 502],
    ['429', jsonAnswer(429, {}), 429],
    ['400', jsonAnswer(400, { error: {} }), 400],
    ['a stream without content', SSE_HEAD + sse('[DONE]'), 502],
  ])('by a %s, frees its key: nothing was charged', async (_, answer, status) => {
    await using core = await startIdempotentCore(failing(answer), { database });
    const key = newKey();
    const first = await core.chat(key, streamed);
    expect(first.status).toBe(status);
    core.pass(60_000);
    const second = await core.chat(key, streamed);
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([200, null]);
    await second.text();
  });

  it('before anybody was asked, frees its key, which any other body may then use', async () => {
    await using core = await startIdempotentCore(whole, { database });
    const key = newKey();
    expect((await core.chat(key, { ...ask, model: 'unknown' })).status).toBe(404);
    expect((await core.chat(key)).status).toBe(200);
  });

  it('in mid-stream, is given again as it was: its part has been charged', async () => {
    await using core = await startIdempotentCore(
      (socket) => {
        socket.write(SSE_HEAD + delta('Hel'), () => setImmediate(() => socket.resetAndDestroy()));
      },
      { database },
    );
    const key = newKey();
    const texts = [];
    for (const _ of [1, 2]) {
      const answer = await core.chat(key, streamed);
      texts.push(await answer.text());
    }
    expect(texts[1]).toBe(texts[0]);
    expect(texts[0]).toContain('upstream_stream_interrupted');
    await core.settled();
    expect(core.provider.requests).toHaveLength(1);
    expect(core.log.rows()).toMatchObject([{ outcome: 'partial' }, { outcome: 'partial' }]);
  });

  it('in a stream that had begun without an answer, frees its key', async () => {
    const hurry = 50;
    let calls = 0;
    await using core = await startIdempotentCore(
      async (socket, request) => {
        calls += 1;
        if (calls > 1) return whole(socket, request);
        await sleep(12_000 / hurry);
        socket.end(jsonAnswer(500, {}));
      },
      { database, provider: { reasoning: ['up'] }, clock: createFastClock(hurry) },
    );
    const key = newKey();
    const first = await core.chat(key, streamed);
    expect(await first.text()).toMatch(/^(: ping\n\n)*data: {"error"/);
    expect(await (await core.chat(key, streamed)).text()).toContain('[DONE]');
  });
});
