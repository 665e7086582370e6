import { expect, it } from 'vitest';
import { leaseEnd, leaseOf } from '../../../../core/budgets/lease-end.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import { closedAt, FIRST_ARRIVAL, idAt } from '../../../support/a-row.ts';

const row = { ...closedAt(1), costMicroUsd: microUsd(42), tokens: 7 };
const name = leaseOf(row);

it('a lease has the name under which it was taken, by the time of arrival', () => {
  expect(name).toEqual({
    tenantId: row.tenantId,
    keyId: row.keyId,
    requestId: idAt(1),
    receivedAt: FIRST_ARRIVAL + 1_000,
  });
});

it('a lease ends with what its row charges', () => {
  expect(leaseEnd(name, row)).toEqual({ ...name, costMicroUsd: 42, tokens: 7 });
});

it('a lease without a row, or whose row counts nothing, costs nothing', () => {
  expect(leaseEnd(name, undefined)).toEqual({ ...name, costMicroUsd: 0, tokens: 0 });
  const { tokens: _, ...uncounted } = row;
  expect(leaseEnd(name, uncounted).tokens).toBe(0);
});
