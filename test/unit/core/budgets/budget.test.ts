import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUDGET_PLACES,
  budgetNames,
  limitsByPlace,
  periodBounds,
} from '../../../../core/budgets/budget.ts';
import { microUsd } from '../../../../core/contract/money.ts';

const at = (text: string) => Date.parse(text);

describe('a period', () => {
  it.each([
    ['day', '2026-03-01T00:00:00.000Z', '2026-03-01', '2026-03-01', '2026-03-02T00:00:00Z'],
    ['day', '2026-12-31T23:59:59.999Z', '2026-12-31', '2026-12-31', '2027-01-01T00:00:00Z'],
    ['month', '2026-02-10T12:00:00.000Z', '2026-02-01', '2026-02-28', '2026-03-01T00:00:00Z'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-02-01', '2028-02-29', '2028-03-01T00:00:00Z'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2026-12-31', '2027-01-01T00:00:00Z'],
  ] as const)(
    'a %s at %s goes from %s to %s and renews at %s',
    (period, moment, from, to, next) => {
      expect(periodBounds(period, at(moment))).toEqual({ from, to, renewsAt: at(next) });
    },
  );

  it('the total has every day in it, and never renews', () => {
    const { from, to, renewsAt } = periodBounds('total', at('2026-03-01T00:00:00Z'));
    expect(from < '2000-01-01' && to > '2999-12-31').toBe(true);
    expect(renewsAt).toBeUndefined();
  });

  it('always has the moment in it, and the next instant after it has another name', () => {
    const moments = fc.integer({ min: at('2000-01-01'), max: at('2100-01-01') });
    fc.assert(
      fc.property(moments, fc.constantFrom(...BUDGET_PLACES.entries()), (moment, [place, each]) => {
        const { from, to, renewsAt } = periodBounds(each.period, moment);
        const day = new Date(moment).toISOString().slice(0, 10);
        expect(from <= day && day <= to).toBe(true);
        const name = (receivedAt: number) => budgetNames({ keyId: 'abcdefgh', receivedAt })[place];
        if (renewsAt === undefined) return;
        expect(name(renewsAt - 1)).toBe(name(moment));
        expect(name(renewsAt)).not.toBe(name(moment));
      }),
    );
  });
});

it('no two budgets of a tenant have the same name', () => {
  const receivedAt = at('2026-03-01T00:00:00Z');
  const names = ['abcdefgh', 'ijklmnop'].flatMap((keyId) => budgetNames({ keyId, receivedAt }));
  // Three of each key, and the tenant's three for both.
  expect(new Set(names).size).toBe(9);
});

it('of two limits for the same budget, the smaller holds', () => {
  const limit = (limitMicroUsd: number, period: 'day' | 'total' = 'day') =>
    ({ scope: 'tenant', period, limitMicroUsd: microUsd(limitMicroUsd) }) as const;
  const limits = limitsByPlace([limit(9), limit(0), limit(5), limit(7, 'total')]);
  expect(limits).toEqual([undefined, undefined, undefined, 0, undefined, 7]);
});
