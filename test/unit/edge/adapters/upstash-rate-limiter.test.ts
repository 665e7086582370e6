import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '@upstash/redis/cloudflare';
import { expect, it, vi } from 'vitest';
import { keyIdSchema } from '../../../../core/contract/principal.ts';
import { createUpstashRateLimiter } from '../../../../edge/adapters/upstash-rate-limiter.ts';
import { quotaRules } from '../../../../edge/policy/quota.ts';

const ada = keyIdSchema.parse('adaadaada');
const bob = keyIdSchema.parse('bobbobbob');
const rules = quotaRules({ requestsPerMinute: 1, requestsPerHour: 9 });

/** A Redis whose scripts answer as the test says. `[remaining, reset]` of a bucket; -1 refuses. */
const redis = (evalsha: (...call: unknown[]) => Promise<readonly [number, number]>) =>
  ({ evalsha }) as unknown as Redis;

it('what a refused request took elsewhere is given back while its client already has the answer', async () => {
  const work: Promise<unknown>[] = [];
  const calls: string[] = [];
  const store = redis(async (_, keys, values) => {
    const rate = (values as number[]).at(-1);
    calls.push(`${String(keys)} ${rate}`);
    if (rate === -1) return new Promise(() => undefined);
    return String(keys).includes('requestsPerMinute') ? [-1, 0] : [8, 0];
  });
  const limiter = createUpstashRateLimiter(store, 60_000);
  const readings = await limiter.take(ada, rules, (later) => work.push(later));
  expect(readings.map(({ admitted }) => admitted)).toEqual([false, true]);
  expect(work).toHaveLength(1);
  await vi.waitFor(() => expect(calls.at(-1)).toMatch(/requestsPerHour.* -1$/));
  expect(calls).toHaveLength(3);
});

it('keys with the same limits share their limiters', async () => {
  const made = vi.spyOn(Ratelimit, 'tokenBucket');
  const limiter = createUpstashRateLimiter(
    redis(async () => [1, 0]),
    60_000,
  );
  for (const key of [ada, bob, ada]) await limiter.take(key, rules, () => undefined);
  expect(made).toHaveBeenCalledTimes(rules.length);
  made.mockRestore();
});
