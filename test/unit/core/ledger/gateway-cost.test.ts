import { expect, it } from 'vitest';
import { microUsd } from '../../../../core/contract/money.ts';
import { gatewayCost } from '../../../../core/ledger/gateway-cost.ts';

it('sums what may be on a bill, and does not ask for the rest', async () => {
  const asked: number[] = [];
  const costs = [1, 20, 300, 4_000].map((amount) => async () => {
    asked.push(amount);
    return { microUsd: microUsd(amount), status: 'exact' as const };
  });
  const attempts = [true, false, true].map((possiblyBilled) => ({ possiblyBilled }));
  expect(await gatewayCost(attempts, costs)).toBe(301);
  expect(asked).toEqual([1, 300]);
});
