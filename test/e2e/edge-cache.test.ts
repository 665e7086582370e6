import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { completion, streamEvents, USAGE_COMMENT } from '../support/edge-answers.ts';
import { answerHello, sendJson, sendStream } from '../support/edge-core-stub.ts';
import { ask, type EdgeStack, startEdgeStack } from '../support/edge-stack.ts';

let stack: EdgeStack;
let key: string;
beforeAll(async () => {
  stack = await startEdgeStack();
  key = await stack.issueKey();
});
afterEach(() => {
  stack.core.answer = answerHello;
  stack.upstash.mode = 'up';
});
afterAll(() => stack.close());

const cacheOf = ({ headers }: Response) => headers.get('x-gateway-cache');

/** Asks and waits until the answer is kept. */
async function keep(body: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await (await stack.chat(key, body, headers)).text();
  const onlyIfCached = { ...headers, 'cache-control': 'only-if-cached' };
  await vi.waitFor(async () =>
    expect((await stack.chat(key, body, onlyIfCached)).status).toBe(200),
  );
  return answer;
}

/** Asks, then has another answer kept: whatever became of the first one has become of it by then. */
async function askAndSettle(body: object, headers: Record<string, string> = {}): Promise<void> {
  await (await stack.chat(key, body, headers)).text().catch(() => undefined);
  const { answer } = stack.core;
  stack.core.answer = answerHello;
  await keep(ask());
  stack.core.answer = answer;
}

const events = (sse: string) =>
  sse
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)));

const textOf = (sse: string) =>
  events(sse)
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('');

describe('a hit', () => {
  it('gives the same answer for nothing, says where it is from, and asks the core nothing', async () => {
    const body = ask();
    const first = JSON.parse(await keep(body));
    const before = stack.core.received.length;
    const hit = await stack.chat(key, body);
    expect(await hit.json()).toEqual({ ...first, usage: { ...first.usage, cost: 0 } });
    expect(stack.core.received.length).toBe(before);
    expect(Object.fromEntries(hit.headers)).toMatchObject({
      'x-gateway-cache': 'HIT',
      'cache-status': expect.stringMatching(/^gateway-edge; hit; ttl=(300|29\d)$/),
      age: expect.stringMatching(/^\d$/),
      'x-gateway-provider': 'demo',
      'x-gateway-model': 'demo-model',
      'x-gateway-cost': '0',
      'cache-control': 'private, no-store',
      vary: 'Authorization',
    });
  });

  it.each([
    ['JSON', false, 'a stream', true],
    ['a stream', true, 'JSON', false],
  ])('of an answer given as %s replays as %s', async (_, stream, __, replayed) => {
    const usage = { stream_options: { include_usage: true } };
    const body = ask();
    await keep({ ...body, stream, ...(stream && usage) });
    const hit = await stack.chat(key, { ...body, stream: replayed, ...(replayed && usage) });
    expect(cacheOf(hit)).toBe('HIT');
    const text = await hit.text();
    const total = { total_tokens: 12, cost: 0 };
    if (replayed) {
      expect(textOf(text)).toBe('hello acme and all the rest');
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
      expect(events(text).at(-1).usage).toMatchObject(total);
    } else {
      const { choices, usage: counted } = JSON.parse(text);
      expect(choices[0].message.content).toBe('hello acme and all the rest');
      expect(counted).toMatchObject(total);
    }
  });

  it('never depends on how the body was written', async () => {
    const body = ask({ temperature: 1, seed: 5 });
    await keep(body);
    const rewritten = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 3);
    const hit = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: rewritten.replace('"temperature": 1', '"temperature": 1.0'),
    });
    expect(cacheOf(hit)).toBe('HIT');
  });

  it('of a stream whose client wanted no usage has it for those who do', async () => {
    const body = ask({ stream: true });
    const streamed = await keep(body);
    expect(streamed).toContain(`${USAGE_COMMENT}data: [DONE]`);
    const again = await stack.chat(key, body);
    expect(cacheOf(again)).toBe('HIT');
    expect(await again.text()).not.toContain('usage');
    const whole = await stack.chat(key, { ...body, stream: false });
    expect(cacheOf(whole)).toBe('HIT');
    expect((await whole.json()).usage).toMatchObject({ total_tokens: 12, cost: 0 });
  });

  it('keeps tool calls whole', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    stack.core.answer = (_, response) =>
      sendJson(
        response,
        200,
        completion('', { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }),
      );
    const body = ask();
    await keep(body);
    const hit = await (await stack.chat(key, { ...body, stream: true })).text();
    expect(events(hit)[0].choices[0].delta.tool_calls).toEqual([{ index: 0, ...call }]);
    expect(events(hit)[1].choices[0].finish_reason).toBe('tool_calls');
  });
});

describe('an answer is never another’s', () => {
  it('across tenants, policies and configurations', async () => {
    const body = ask();
    await keep(body);
    for (const policy of [{ tenantId: 'other' }, { policyVersion: 2 }, { configVersion: 'v2' }]) {
      const other = await stack.issueKey(policy);
      expect(cacheOf(await stack.chat(other, body))).toBe('MISS');
    }
    expect(cacheOf(await stack.chat(await stack.issueKey(), body))).toBe('HIT');
  });

  it('across fifty tenants with the same prompts', async () => {
    const bodies = [ask(), ask(), ask()];
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`);
    const keys = await Promise.all(tenants.map((tenantId) => stack.issueKey({ tenantId })));
    for (let round = 0; round < 2; round++) {
      for (const body of bodies) {
        const answers = await Promise.all(
          keys.map(async (own) => (await stack.chat(own, body)).json()),
        );
        expect(answers.map(({ choices }) => choices[0].message.content)).toEqual(
          tenants.map((tenant) => `hello ${tenant} and all the rest`),
        );
      }
    }
  });

  it('across namespaces', async () => {
    const body = ask();
    await keep(body, { 'x-gateway-cache-namespace': 'blue' });
    const ask2 = (headers: Record<string, string>) => stack.chat(key, body, headers);
    expect(cacheOf(await ask2({ 'x-gateway-cache-namespace': 'blue' }))).toBe('HIT');
    expect(cacheOf(await ask2({ 'x-gateway-cache-namespace': 'green' }))).toBe('MISS');
  });
});

describe('clients decide', () => {
  it.each([
    ['no-store', 'BYPASS', 'fwd=bypass'],
    ['no-cache', 'MISS', 'fwd=request'],
    ['max-age=0', 'MISS', 'fwd=stale'],
    ['max-age=60', 'HIT', 'hit; ttl='],
    ['only-if-cached', 'HIT', 'hit; ttl='],
  ])('Cache-Control: %s on what is kept: %s', async (cacheControl, result, status) => {
    const body = ask();
    await keep(body);
    const answer = await stack.chat(key, body, { 'cache-control': cacheControl });
    expect(cacheOf(answer)).toBe(result);
    expect(answer.headers.get('cache-status')).toContain(`gateway-edge; ${status}`);
  });

  it('only-if-cached on what is not kept asks the core nothing', async () => {
    const before = stack.core.received.length;
    const answer = await stack.chat(key, ask(), { 'cache-control': 'only-if-cached' });
    expect([answer.status, (await answer.json()).error.code]).toEqual([504, 'cache_miss']);
    expect(stack.core.received.length).toBe(before);
  });

  it.each([
    ['Idempotency-Key', { 'idempotency-key': 'k1' }],
    ['no-store', { 'cache-control': 'no-store' }],
  ])('%s keeps nothing', async (_, headers) => {
    const body = ask();
    await askAndSettle(body, headers);
    expect(cacheOf(await stack.chat(key, body))).toBe('MISS');
  });

  it('a ttl bounds the life of an answer', async () => {
    const body = ask();
    await keep(body, { 'x-gateway-cache-ttl': '1' });
    expect(cacheOf(await stack.chat(key, body))).toBe('HIT');
    await vi.waitFor(
      async () =>
        expect(cacheOf(await stack.chat(key, body, { 'x-gateway-cache-ttl': '0' }))).toBe('MISS'),
      { timeout: 5_000, interval: 200 },
    );
  });

  it('a key whose policy says so is never cached', async () => {
    const uncached = await stack.issueKey({ cache: false });
    const body = ask();
    await keep(body);
    expect(cacheOf(await stack.chat(uncached, body))).toBe('BYPASS');
  });
});

describe('only whole answers are kept', () => {
  const EVENTS = streamEvents('one two three', { includeUsage: true });
  it.each([
    ['a stream without [DONE]', EVENTS],
    ['a stream that ends in an error', [...EVENTS.slice(0, 3), 'data: {"error":{"code":"x"}}\n\n']],
    [
      'an answer cut for its length',
      [...streamEvents('one', { finish: 'length' }), 'data: [DONE]\n\n'],
    ],
    [
      'a filtered answer',
      [...streamEvents('one', { finish: 'content_filter' }), 'data: [DONE]\n\n'],
    ],
    [
      'an answer of more than a mebibyte',
      [...streamEvents('x '.repeat(10_000)), 'data: [DONE]\n\n'],
    ],
  ])('not %s', async (_, stream) => {
    stack.core.answer = (__, response) => sendStream(response, stream);
    const body = ask({ stream: true });
    await askAndSettle(body);
    const again = await stack.chat(key, body);
    expect(cacheOf(again)).toBe('MISS');
    expect(await again.text()).toBe(stream.join(''));
  });

  it('not a stream whose connection breaks', async () => {
    stack.core.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(EVENTS.join(''));
      setImmediate(() => response.destroy());
    };
    const body = ask({ stream: true });
    await askAndSettle(body);
    stack.core.answer = answerHello;
    expect(cacheOf(await stack.chat(key, body))).toBe('MISS');
  });

  it('not an error', async () => {
    stack.core.answer = (_, response) => sendJson(response, 429, { error: { code: 'x' } });
    const body = ask();
    await askAndSettle(body);
    stack.core.answer = answerHello;
    expect(cacheOf(await stack.chat(key, body))).toBe('MISS');
  });
});

it.each(['off', 'hanging', 'failing', 'rubbish'] as const)(
  'while Upstash is %s, requests are misses that say so',
  async (mode) => {
    const body = ask();
    await keep(body);
    stack.upstash.mode = mode;
    const answer = await stack.chat(key, body);
    expect([answer.status, cacheOf(answer)]).toEqual([200, 'MISS']);
    expect(answer.headers.get('x-gateway-degraded')).toBe('cache');
  },
);
