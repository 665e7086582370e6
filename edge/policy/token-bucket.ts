/**
 * The algorithm of the shared store's limiter, for the one isolate that cannot reach it: a bucket of
 * `capacity` tokens that gets `refill` new ones after each whole interval. A refusal takes nothing.
 */

export interface BucketRule {
  readonly capacity: number;
  readonly refill: number;
  readonly intervalMs: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Epoch ms. */
  readonly refilledAt: number;
}

/** The bucket as it stands at `now` (epoch ms). */
export function refillBucket(bucket: Bucket | undefined, rule: BucketRule, now: number): Bucket {
  if (!bucket) return { tokens: rule.capacity, refilledAt: now };
  const intervals = Math.max(0, Math.floor((now - bucket.refilledAt) / rule.intervalMs));
  return {
    tokens: Math.min(rule.capacity, bucket.tokens + intervals * rule.refill),
    refilledAt: bucket.refilledAt + intervals * rule.intervalMs,
  };
}
