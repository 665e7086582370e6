/** The store within one process: what limits are counted in while the shared one is away, and what tests run on. */
import { type Account, begin, EMPTY_ACCOUNT, learn, read, reserve, settle } from './account.ts';
import type { BudgetStore } from './budget-store.ts';

export function createInProcessBudgetStore(): BudgetStore {
  const accounts = new Map<string, Account>();
  const accountOf = (tenantId: string): Account => accounts.get(tenantId) ?? EMPTY_ACCOUNT;
  return {
    async reserve(reservation) {
      const account = withoutPast(accountOf(reservation.tenantId), reservation.now);
      const [next, reply] = reserve(account, reservation);
      accounts.set(reservation.tenantId, next);
      return reply;
    },
    async settle(end) {
      const [next, reply] = settle(accountOf(end.tenantId), end);
      accounts.set(end.tenantId, next);
      return reply;
    },
    async begin(tenantId, since) {
      accounts.set(tenantId, begin(accountOf(tenantId), since));
    },
    async learn(lesson) {
      accounts.set(lesson.tenantId, learn(accountOf(lesson.tenantId), lesson));
    },
    read: async (of) => read(accountOf(of.tenantId), of),
  };
}

/** Redis forgets these by itself. */
function withoutPast(account: Account, now: number): Account {
  const minute = Math.floor(now / 60_000);
  const windows = Object.entries(account.windows).filter(
    ([, window]) => window.minute >= minute - 1,
  );
  const leases = Object.entries(account.leases).filter(
    ([, { budgets, expiresAt }]) => budgets.length > 0 || expiresAt > now,
  );
  return {
    ...account,
    windows: Object.fromEntries(windows),
    leases: Object.fromEntries(leases),
  };
}
