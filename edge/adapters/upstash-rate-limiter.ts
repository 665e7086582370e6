import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '@upstash/redis/cloudflare';
import type { KeyId } from '../../core/contract/principal.ts';
import { setBounded } from '../policy/bounded-map.ts';
import type { QuotaRule } from '../policy/quota.ts';
import type { RateLimiter } from '../ports.ts';
import { withDeadline } from './deadline.ts';

/** Keys share few limits. */
const MAX_LIMITERS = 1_000;

/**
 * Rejects when Upstash has not answered in time. `redis` pipelines, so that all rules cost one request.
 */
export function createUpstashRateLimiter(redis: Redis, timeoutMs: number): RateLimiter {
  const limiters = new Map<string, Ratelimit>();
  const limiterOf = (rule: QuotaRule): Ratelimit => {
    const name = `${rule.refill}:${rule.intervalMs}:${rule.capacity}`;
    const limiter = limiters.get(name) ?? bucket(redis, rule);
    setBounded(limiters, [name, limiter], MAX_LIMITERS);
    return limiter;
  };
  const count = async (keyId: KeyId, rules: readonly QuotaRule[], requests: number) =>
    Promise.all(
      rules.map(async (rule) => {
        const name = `${keyId}:${rule.limit}`;
        const { success, remaining, reset } = await limiterOf(rule).limit(name, { rate: requests });
        return { rule, admitted: success, remaining, resetAt: reset };
      }),
    );
  return {
    async take(keyId, rules, later) {
      const readings = await withDeadline(count(keyId, rules, 1), timeoutMs);
      const admitted = readings.filter((reading) => reading.admitted).map(({ rule }) => rule);
      if (admitted.length < rules.length) {
        later(count(keyId, admitted, -1).catch(() => undefined));
      }
      return readings;
    },
  };
}

/** A window of the library would count refused requests too; a bucket does not. */
const bucket = (redis: Redis, { refill, intervalMs, capacity }: QuotaRule): Ratelimit =>
  new Ratelimit({
    redis,
    limiter: Ratelimit.tokenBucket(refill, `${intervalMs} ms`, capacity),
    prefix: 'gateway:limit',
    // Its memory of refusals has no bound, and it admits whatever its own timeout cuts off.
    ephemeralCache: false,
    timeout: 0,
  });
