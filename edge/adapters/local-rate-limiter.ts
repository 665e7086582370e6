/** The limits of each key, counted in this isolate alone. */
import type { KeyId } from '../../core/contract/principal.ts';
import { setBounded } from '../policy/bounded-map.ts';
import type { QuotaRule } from '../policy/quota.ts';
import { type Bucket, refillBucket } from '../policy/token-bucket.ts';
import type { RateLimiter } from '../ports.ts';

const MAX_BUCKETS = 10_000;

export function createLocalRateLimiter(now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const spend = (keyId: KeyId, rule: QuotaRule, tokens: number) => {
    const name = `${keyId}:${rule.limit}`;
    const bucket = refillBucket(buckets.get(name), rule, now());
    const admitted = bucket.tokens >= tokens;
    const remaining = admitted ? bucket.tokens - tokens : bucket.tokens;
    setBounded(buckets, [name, { ...bucket, tokens: remaining }], MAX_BUCKETS);
    return { rule, admitted, remaining, resetAt: bucket.refilledAt + rule.intervalMs };
  };
  return {
    async take(keyId, rules) {
      const readings = rules.map((rule) => spend(keyId, rule, 1));
      const admitted = readings.filter((reading) => reading.admitted);
      if (admitted.length < rules.length) for (const { rule } of admitted) spend(keyId, rule, -1);
      return readings;
    },
  };
}
