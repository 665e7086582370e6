import { describe, expect, it } from 'vitest';
import {
  bindingReading,
  type QuotaReading,
  quotaFault,
  quotaHeaders,
  quotaRules,
} from '../../../../edge/policy/quota.ts';

describe('quotaRules', () => {
  it('is nothing without limits', () => {
    expect(quotaRules({})).toEqual([]);
  });

  it('has a bucket for each limit', () => {
    const limits = { requestsPerMinute: 60, requestsPerHour: 100, requestsPerDay: 500 };
    expect(quotaRules({ ...limits, burstLimit: 5 })).toEqual([
      { limit: 'requestsPerMinute', capacity: 60, refill: 60, intervalMs: 60_000 },
      { limit: 'requestsPerHour', capacity: 100, refill: 100, intervalMs: 3_600_000 },
      { limit: 'requestsPerDay', capacity: 500, refill: 500, intervalMs: 86_400_000 },
      { limit: 'burstLimit', capacity: 5, refill: 1, intervalMs: 1_000 },
    ]);
  });

  it.each([7, 600, 1_000, 45_000, 90_000, 1_000_000])(
    'fills a burst bucket at %d a minute, exactly',
    (requestsPerMinute) => {
      const burst = quotaRules({ requestsPerMinute, burstLimit: 3 }).at(-1);
      const perMinute = ((burst?.refill ?? 0) * 60_000) / (burst?.intervalMs ?? 1);
      expect(perMinute).toBeCloseTo(requestsPerMinute, 6);
      expect(burst?.intervalMs).toBeGreaterThanOrEqual(1);
    },
  );

  it('a burst limit alone still limits', () => {
    expect(quotaRules({ burstLimit: 3 })).toEqual([
      { limit: 'burstLimit', capacity: 3, refill: 1, intervalMs: 20_000 },
    ]);
  });
});

const [minute, hour] = quotaRules({ requestsPerMinute: 60, requestsPerHour: 100 });
if (!minute || !hour) throw new Error('two limits make two rules');

const reading = (fields: Partial<QuotaReading>): QuotaReading => ({
  rule: minute,
  admitted: true,
  remaining: 9,
  resetAt: 1_000,
  ...fields,
});

describe('bindingReading', () => {
  it('is nothing without limits', () => {
    expect(bindingReading([])).toBeUndefined();
  });

  it('is the least that is left', () => {
    const tight = reading({ rule: hour, remaining: 2 });
    expect(bindingReading([reading({}), tight, reading({ remaining: 5 })])).toBe(tight);
  });

  it('is the refusal with the longest wait, whatever else is left', () => {
    const long = reading({ rule: hour, admitted: false, remaining: 0, resetAt: 9_000 });
    const short = reading({ admitted: false, remaining: 0, resetAt: 2_000 });
    expect(bindingReading([reading({ remaining: 0 }), long, short])).toBe(long);
  });
});

describe('quotaFault', () => {
  it('is nothing for a request that was admitted', () => {
    expect(quotaFault(reading({}), 0)).toBeUndefined();
  });

  it.each([
    [0, 1_001, 2],
    [0, 1_000, 1],
    [1_000, 1_000, 1],
    [2_000, 1_000, 1],
  ])('at %d, a bucket filled at %d is worth waiting %d s for', (now, resetAt, seconds) => {
    expect(quotaFault(reading({ admitted: false, resetAt }), now)).toMatchObject({
      code: 'rate_limited',
      options: { details: { limit: 'requestsPerMinute' }, retryAfterSeconds: seconds },
    });
  });
});

describe('quotaHeaders', () => {
  it.each([
    [0, 340, '340ms'],
    [0, 1_000, '1s'],
    [0, 61_500, '1m2s'],
    [0, 3_600_000, '1h'],
    [0, 86_399_001, '24h'],
    [5_000, 1_000, '0ms'],
  ])('at %d, a bucket filled at %d resets in %s', (now, resetAt, reset) => {
    expect(Object.fromEntries(quotaHeaders(reading({ resetAt }), now))).toEqual({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '9',
      'x-ratelimit-reset-requests': reset,
    });
  });

  it('says that nothing is left in whole requests', () => {
    const headers = Object.fromEntries(quotaHeaders(reading({ remaining: 0.8 }), 0));
    expect(headers['x-ratelimit-remaining-requests']).toBe('0');
  });
});
