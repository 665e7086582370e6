/** The store, told what it lacks when it lacks something: it forgets, and the request log is the truth. */
import { type Clock, sleep, within } from '../attempts/clock.ts';
import type { RequestLog } from '../ledger/request-log.ts';
import type { UsageCounters } from '../ledger/usage-counters.ts';
import { BUDGET_PLACES, budgetNames, periodBounds } from './budget.ts';
import type { BudgetStore, ExpiredLeases, Reservation, ReserveReply } from './budget-store.ts';
import type { FirstUse } from './first-use.ts';
import { leaseEnd } from './lease-end.ts';

export interface InformedStoreDeps {
  readonly store: BudgetStore;
  readonly counters: Pick<UsageCounters, 'spent'>;
  readonly firstUse: FirstUse;
  readonly log: Pick<RequestLog, 'find'>;
  readonly clock: Clock;
}

export interface InformedStore {
  /** Rejects when the store, or what it has to be told, cannot be had in time. */
  reserve(request: Reservation): Promise<ReserveReply>;
  /** Settles leases that have run out by their rows. One whose row is still open waits for the sweeper. */
  settleExpired(tenantId: string, leases: ExpiredLeases): Promise<void>;
}

/** Then this process counts alone. */
const LIMITS_TIMEOUT_MS = 250;
/** Without an answer a request under a budget is refused: that costs its client more than a wait. */
const BUDGETS_TIMEOUT_MS = 2_500;
/** From the claim of a tenant's first use to its mark in the store. */
const CLAIM_MS = 250;

export function createInformedStore(deps: InformedStoreDeps): InformedStore {
  const { store, counters, firstUse, log, clock } = deps;

  const ask = (request: Reservation) =>
    inTime(
      request.budgets.length > 0 ? BUDGETS_TIMEOUT_MS : LIMITS_TIMEOUT_MS,
      store.reserve(request),
    );

  const inTime = async <T>(ms: number, work: Promise<T>): Promise<T> => {
    const result = await within(ms, work, clock);
    if (result === 'late') throw new Error('The store of budgets did not answer in time.');
    return result;
  };

  const underWay = new Map<string, Promise<void>>();
  /** What many requests want to know at once is looked up once. It goes on although nobody waits any longer. */
  const together = (name: string, work: () => Promise<void>): Promise<void> => {
    const joined = underWay.get(name) ?? work().finally(() => underWay.delete(name));
    underWay.set(name, joined);
    return inTime(BUDGETS_TIMEOUT_MS, joined);
  };

  const begin = async ({ tenantId }: Reservation) => {
    const isFirst = await firstUse.claim(tenantId);
    // Whoever claimed it is about to tell the store; else the tenant would count as forgotten.
    if (!isFirst) await sleep(clock, CLAIM_MS, new AbortController().signal);
    await store.begin(tenantId, isFirst ? 0 : clock.now());
  };

  const learn = async (request: Reservation, places: readonly number[]) => {
    const { tenantId, keyId, receivedAt, lifetimeMs } = request;
    // Before the look at the truth: should the store lose its memory meanwhile, it will not take the lesson.
    const now = clock.now();
    const spent = await Promise.all(
      BUDGET_PLACES.map(({ scope, period }, place) => {
        if (!places.includes(place)) return undefined;
        const { from, to } = periodBounds(period, receivedAt);
        return counters.spent({ tenantId, ...(scope === 'key' && { keyId }), from, to });
      }),
    );
    await store.learn({ tenantId, keyId, receivedAt, lifetimeMs, spent, now });
  };

  const settleExpired: InformedStore['settleExpired'] = async (tenantId, leases) => {
    await Promise.all(
      leases.map(async (lease) => {
        const row = await inTime(BUDGETS_TIMEOUT_MS, log.find(lease.requestId));
        if (row?.outcome === 'open') return;
        const name = { ...lease, tenantId };
        await inTime(BUDGETS_TIMEOUT_MS, store.settle(leaseEnd(name, row)));
      }),
    );
  };

  return {
    settleExpired,
    async reserve(request) {
      let reply = await ask(request);
      if (reply.kind === 'forgotten') {
        await together(request.tenantId, () => begin(request));
        reply = await ask(request);
      }
      // What has just been learned is new enough, whatever the clocks say.
      const informed = { ...request, learnedSince: 0 };
      if (reply.kind === 'unknown') {
        const { places } = reply;
        await together(`${request.tenantId} ${names(request, places)}`, () =>
          learn(request, places),
        );
        reply = await ask(informed);
      }
      if (reply.kind === 'over-budget' && reply.expired.length > 0) {
        await settleExpired(request.tenantId, reply.expired);
        reply = await ask(informed);
      }
      return reply;
    },
  };
}

const names = (request: Reservation, places: readonly number[]): string => {
  const all = budgetNames(request);
  return places.map((place) => all[place]).join(' ');
};
