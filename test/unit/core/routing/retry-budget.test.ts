import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mayRetry,
  RETRY_WINDOW_MS,
  type RetryBudget,
  repayRetry,
  spendRetry,
  UNSPENT,
} from '../../../../core/routing/retry-budget.ts';

const spent = (count: number, at = 0): RetryBudget => ({
  spentAt: Array.from({ length: count }, () => at),
  requests: 0,
});

/** What the budget lets happen of it. */
function happen(events: readonly { gapMs: number; isRetry: boolean }[]) {
  let budget = UNSPENT;
  let now = 0;
  const happened: { at: number; isRetry: boolean }[] = [];
  for (const { gapMs, isRetry } of events) {
    now += gapMs;
    const next = isRetry ? spendRetry(budget, now) : repayRetry(budget, now);
    if (next === 'refused') continue;
    budget = next;
    happened.push({ at: now, isRetry });
  }
  return happened;
}

describe('the retry budget', () => {
  it('has ten retries without a single request, and no eleventh', () => {
    expect(spendRetry(spent(9), 0)).toEqual(spent(10));
    expect(spendRetry(spent(10), 0)).toBe('refused');
    expect(mayRetry(spent(9), 0)).toBe(true);
    expect(mayRetry(spent(10), 0)).toBe(false);
  });

  it('gets one back for five requests', () => {
    let budget = spent(10);
    for (let request = 1; request < 5; request += 1) budget = repayRetry(budget, 0);
    expect(spendRetry(budget, 0)).toBe('refused');
    expect(repayRetry(budget, 0)).toEqual(spent(9));
  });

  it('saves nothing up: requests count only while something is outstanding', () => {
    expect(repayRetry(UNSPENT, 0)).toBe(UNSPENT);
  });

  it('forgets what is old, and what was paid towards it', () => {
    const budget = { spentAt: [0, 5_000], requests: 4 };
    expect(repayRetry(budget, RETRY_WINDOW_MS)).toEqual({ spentAt: [5_000], requests: 1 });
    expect(spendRetry(spent(10), RETRY_WINDOW_MS)).toEqual(spent(1, RETRY_WINDOW_MS));
  });

  it('never allows more than a fifth of the requests and ten in any ten seconds', () => {
    const event = fc.record({ gapMs: fc.nat(900), isRetry: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 150 }), (events) => {
        const happened = happen(events);
        for (const { at: from } of happened) {
          const window = happened.filter(({ at }) => at >= from && at < from + 10_000);
          const retries = window.filter(({ isRetry }) => isRetry).length;
          expect(retries).toBeLessThanOrEqual(0.2 * (window.length - retries) + 10);
        }
      }),
    );
  });
});
