/** Request limits: which buckets a key has, what their readings mean together, and how a client is told. */
import { formatDuration } from '../../core/contract/duration.ts';
import { Fault } from '../../core/contract/fault.ts';
import type { Limits } from '../../core/contract/principal.ts';
import type { BucketRule } from './token-bucket.ts';

export interface QuotaRule extends BucketRule {
  readonly limit: keyof Limits;
}

export interface QuotaReading {
  readonly rule: QuotaRule;
  readonly admitted: boolean;
  readonly remaining: number;
  /** When the bucket is filled next, in epoch ms. */
  readonly resetAt: number;
}

const WINDOWS_MS = {
  requestsPerMinute: 60_000,
  requestsPerHour: 3_600_000,
  requestsPerDay: 86_400_000,
} as const;

/**
 * Windows are buckets that are filled at once, because a refused request must not use one up.
 * `burstLimit` is filled steadily at `requestsPerMinute / 60` a second; alone, once over in a minute.
 */
export function quotaRules(limits: Limits): readonly QuotaRule[] {
  const { requestsPerMinute, requestsPerHour, requestsPerDay, burstLimit } = limits;
  return [
    ...window('requestsPerMinute', requestsPerMinute),
    ...window('requestsPerHour', requestsPerHour),
    ...window('requestsPerDay', requestsPerDay),
    ...(burstLimit ? [burst(burstLimit, requestsPerMinute ?? burstLimit)] : []),
  ];
}

const window = (limit: keyof typeof WINDOWS_MS, requests: number | undefined): QuotaRule[] =>
  requests ? [{ limit, capacity: requests, refill: requests, intervalMs: WINDOWS_MS[limit] }] : [];

/** An interval is one token long, but at least a millisecond, the finest the store counts in. */
function burst(capacity: number, requestsPerMinute: number): QuotaRule {
  const intervalMs = Math.max(1, Math.round(60_000 / requestsPerMinute));
  const refill = (requestsPerMinute * intervalMs) / 60_000;
  return { limit: 'burstLimit', capacity, refill, intervalMs };
}

/** The reading that binds: the longest wait among refusals, else the least that is left. */
export function bindingReading(readings: readonly QuotaReading[]): QuotaReading | undefined {
  const refused = readings.filter(({ admitted }) => !admitted);
  if (refused.length > 0) return refused.reduce((a, b) => (b.resetAt > a.resetAt ? b : a));
  return readings.reduce<QuotaReading | undefined>(
    (a, b) => (a && a.remaining <= b.remaining ? a : b),
    undefined,
  );
}

/** `now` in epoch ms. */
export function quotaFault({ admitted, rule, resetAt }: QuotaReading, now: number) {
  if (admitted) return undefined;
  return new Fault('rate_limited', {
    details: { limit: rule.limit },
    retryAfterSeconds: Math.max(1, Math.ceil((resetAt - now) / 1000)),
  });
}

/** `x-ratelimit-…-requests`, in the form of OpenAI's API. `now` in epoch ms. */
export function quotaHeaders(reading: QuotaReading, now: number): readonly [string, string][] {
  return [
    ['x-ratelimit-limit-requests', String(reading.rule.capacity)],
    ['x-ratelimit-remaining-requests', String(Math.max(0, Math.floor(reading.remaining)))],
    ['x-ratelimit-reset-requests', formatDuration(Math.max(0, reading.resetAt - now))],
  ];
}
