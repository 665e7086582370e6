import type { BudgetStore } from '../budgets/budget-store.ts';
import type { Limits } from '../contract/principal.ts';
import type { KeyChangeDeps } from '../identity/change-key.ts';
import type { TenantStore } from '../identity/key-store.ts';
import type { ContentLog } from '../ledger/content-log.ts';
import type { RequestLog } from '../ledger/request-log.ts';
import type { UsageCounters } from '../ledger/usage-counters.ts';

/** What operators see and change. */
export interface AdminDeps extends KeyChangeDeps {
  readonly tenants: TenantStore;
  readonly log: RequestLog;
  readonly contentLog: ContentLog;
  readonly usageCounters: UsageCounters;
  readonly budgetStore: BudgetStore;
  /** Of a key without its own. */
  readonly defaultLimits: Limits;
  readonly maxBodyBytes: number;
}
