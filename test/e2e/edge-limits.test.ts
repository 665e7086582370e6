import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, type EdgeStack, startEdgeStack } from '../support/edge-stack.ts';

let stack: EdgeStack;
beforeAll(async () => {
  stack = await startEdgeStack();
});
afterEach(() => {
  stack.upstash.mode = 'up';
});
afterAll(() => stack.close());

const models = (key: string) =>
  fetch(`${stack.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });

const rates = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}-requests`));

async function statuses(key: string, count: number): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => models(key)));
  return answers.map(({ status }) => status).sort();
}

describe('limits', () => {
  it('say what is left, and for how long it is gone', async () => {
    const key = await stack.issueKey({ limits: { requestsPerMinute: 2 } });
    expect(rates(await models(key))).toEqual(['2', '1', expect.stringMatching(/^(1m|\d+s)$/)]);
    expect(rates(await models(key)).slice(0, 2)).toEqual(['2', '0']);
    const before = stack.core.received.length;
    const refused = await models(key);
    const { error } = await refused.json();
    expect(refused.status).toBe(429);
    expect(error).toMatchObject({ code: 'rate_limited', details: { limit: 'requestsPerMinute' } });
    expect(refused.headers.get('retry-after')).toBe(String(error.retryAfter));
    expect(error.retryAfter).toBeGreaterThan(0);
    expect(error.retryAfter).toBeLessThanOrEqual(60);
    expect(rates(refused).slice(0, 2)).toEqual(['2', '0']);
    expect(stack.core.received.length).toBe(before);
  });

  it.each(['requestsPerMinute', 'requestsPerHour', 'requestsPerDay', 'burstLimit'])(
    '%s admits exactly as many as it says',
    async (limit) => {
      const key = await stack.issueKey({ limits: { [limit]: 5 } });
      expect(await statuses(key, 12)).toEqual([...Array(5).fill(200), ...Array(7).fill(429)]);
    },
  );

  it('all of a key’s limits are asked in one request', async () => {
    const key = await stack.issueKey({
      limits: { requestsPerMinute: 9, requestsPerHour: 9, requestsPerDay: 9, burstLimit: 9 },
    });
    await models(key);
    const before = stack.upstash.received.length;
    await models(key);
    expect(stack.upstash.received.length).toBe(before + 1);
  });

  it('a request that one limit refuses uses up no other', async () => {
    const key = await stack.issueKey({ limits: { requestsPerMinute: 1, requestsPerHour: 9 } });
    const [, , keyId] = key.split('_');
    await models(key);
    for (let i = 0; i < 3; i++) expect((await models(key)).status).toBe(429);
    const bucket = `gateway:limit:${keyId}:requestsPerHour`;
    await expect.poll(() => stack.redis('HGET', bucket, 'tokens')).toBe('8');
  });

  it('a key without limits asks nobody', async () => {
    const key = await stack.issueKey();
    await models(key);
    const before = stack.upstash.received.length;
    expect(rates(await models(key))).toEqual([null, null, null]);
    expect(stack.upstash.received.length).toBe(before);
  });

  it('a refused request is not answered from the cache', async () => {
    const [unlimited, key] = [
      await stack.issueKey(),
      await stack.issueKey({ limits: { requestsPerMinute: 1 } }),
    ];
    const body = ask();
    await (await stack.chat(unlimited, body)).text();
    await expect
      .poll(async () => (await stack.chat(unlimited, body)).headers.get('x-gateway-cache'))
      .toBe('HIT');
    expect((await stack.chat(key, body)).headers.get('x-gateway-cache')).toBe('HIT');
    expect((await stack.chat(key, body)).status).toBe(429);
  });
});

describe('while Upstash is not itself', () => {
  it.each(['off', 'hanging', 'failing', 'rubbish'] as const)(
    '%s: the key’s own limits hold in the isolate, and the answer says so',
    async (mode) => {
      const key = await stack.issueKey({ limits: { requestsPerMinute: 3, requestsPerHour: 100 } });
      stack.upstash.mode = mode;
      const first = await models(key);
      expect(first.headers.get('x-gateway-degraded')).toBe('limiter');
      expect(rates(first).slice(0, 2)).toEqual(['3', '2']);
      expect(await statuses(key, 8)).toEqual([...Array(2).fill(200), ...Array(6).fill(429)]);
    },
  );

  it('an isolate that loses it goes on from what it has admitted', async () => {
    const key = await stack.issueKey({ limits: { requestsPerMinute: 3 } });
    expect(await statuses(key, 2)).toEqual([200, 200]);
    stack.upstash.mode = 'off';
    expect(await statuses(key, 3)).toEqual([200, 429, 429]);
  });

  it('a hanging one holds a request for its timeout and no longer', async () => {
    const key = await stack.issueKey({ limits: { requestsPerMinute: 9 } });
    await models(key);
    stack.upstash.mode = 'hanging';
    const started = performance.now();
    expect((await models(key)).status).toBe(200);
    const waitedMs = performance.now() - started;
    expect(waitedMs).toBeGreaterThanOrEqual(950);
    expect(waitedMs).toBeLessThan(4_000);
  });
});

it('a limiter that may not wait makes no answer forgotten', async () => {
  const hasty = await startEdgeStack({ LIMITER_TIMEOUT_MS: '1' });
  try {
    const own = await hasty.issueKey();
    const body = ask();
    await (await hasty.chat(own, body)).text();
    await vi.waitFor(
      async () => expect((await hasty.chat(own, body)).headers.get('x-gateway-cache')).toBe('HIT'),
      {
        timeout: 5_000,
      },
    );
  } finally {
    await hasty.close();
  }
});
