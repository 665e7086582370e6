import { microUsd } from '../contract/money.ts';
import type { FinalRow } from '../ledger/request-log.ts';
import type { LeaseEnd, LeaseName } from './budget-store.ts';

/** What a final row charges. Without a row the request was never sent, and costs nothing. */
export const leaseEnd = (name: LeaseName, row: FinalRow | undefined): LeaseEnd => ({
  ...name,
  costMicroUsd: row?.costMicroUsd ?? microUsd(0),
  tokens: row?.tokens ?? 0,
});

export const leaseOf = ({ tenantId, keyId, requestId, timestamp }: FinalRow): LeaseName => ({
  tenantId,
  keyId,
  requestId,
  receivedAt: Date.parse(timestamp),
});
