/** Instances of the gateway that share a store of reservations and a request log, in a time of their own. */
import type { BudgetStore } from '../../core/budgets/budget-store.ts';
import { createBudgets } from '../../core/budgets/budgets.ts';
import { createInProcessBudgetStore } from '../../core/budgets/in-process-budget-store.ts';
import { type MicroUsd, microUsd } from '../../core/contract/money.ts';
import { type Principal, principalSchema } from '../../core/contract/principal.ts';
import type { FinalRow } from '../../core/ledger/request-log.ts';
import { finalRow, openRow, type RequestFacts } from '../../core/ledger/row.ts';
import { ABANDONED_AFTER_MS, sweepOpenRows } from '../../core/ledger/sweep-open-rows.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const DEADLINE_MS = 10_000;
/** With the two minutes that the sweeper may take. */
export const LIFETIME_MS = DEADLINE_MS + 120_000;

export interface RequestToMake {
  readonly principal: Principal;
  readonly worst: number;
  readonly tokens?: number;
  readonly deadlineMs?: number;
}

export function setUpBudgets({
  startMs = Date.parse('2026-03-01T12:00:00Z'),
  delayMs = () => 0,
}: {
  readonly startMs?: number;
  /** How long the store takes, there and back. */
  readonly delayMs?: () => number;
} = {}) {
  const clock = createVirtualClock(startMs);
  const log = createInMemoryRequestLog();
  const failures: unknown[] = [];
  const excesses: unknown[] = [];
  const known = new Set<string>();
  let inner = createInProcessBudgetStore();
  let isBroken = false;
  const wait = () => new Promise<void>((resolve) => clock.after(delayMs(), resolve));
  const travelling =
    <Asked, Reply>(ask: (asked: Asked) => Promise<Reply>) =>
    async (asked: Asked): Promise<Reply> => {
      await wait();
      if (isBroken) throw new Error('The store is away.');
      const reply = await ask(asked);
      await wait();
      return reply;
    };
  const store: BudgetStore = {
    reserve: travelling((reservation) => inner.reserve(reservation)),
    settle: travelling((end) => inner.settle(end)),
    begin: (tenantId, since) => travelling(() => inner.begin(tenantId, since))(undefined),
    learn: travelling((lesson) => inner.learn(lesson)),
    read: (of) => inner.read(of),
  };
  const open = () =>
    createBudgets({
      store,
      counters: { spent: travelling((query) => log.counters.spent(query)) },
      firstUse: {
        claim: travelling(async (tenantId) => known.size < known.add(tenantId).size),
      },
      log,
      clock,
      deadlineMs: DEADLINE_MS,
      onFailure: (cause) => failures.push(cause),
      onOverReservation: (excess) => excesses.push(excess),
    });
  let requests = 0;

  return {
    clock,
    log,
    store,
    failures,
    excesses,
    budgets: open(),
    /** Another instance. */
    open,
    lose: () => {
      inner = createInProcessBudgetStore();
    },
    breakStore: (broken: boolean) => {
      isBroken = broken;
    },
    /** A request as it is taken in hand, its row open. */
    take(budgets: ReturnType<typeof open>, request: RequestToMake) {
      requests += 1;
      const { principal, worst, tokens = 1, deadlineMs = DEADLINE_MS } = request;
      const receivedAt = clock.now();
      const facts: RequestFacts = {
        requestId: `01a205c8-be38-70a7-9ff1-${String(requests).padStart(12, '0')}`,
        principal,
        endpoint: '/v1/chat/completions',
        model: 'up',
        stream: false,
        cache: 'MISS',
        receivedAt,
        deadline: receivedAt + deadlineMs,
        reservedMicroUsd: microUsd(worst),
        inputBoundMicroUsd: microUsd(Math.floor(worst / 2)),
      };
      const opened = log.open(openRow(facts));
      const lease = budgets.lease({ ...facts, costMicroUsd: microUsd(worst), tokens });
      const close = async (cost: MicroUsd, outcome: FinalRow['outcome'] = 'success') => {
        await opened;
        const settlement = {
          outcome,
          httpStatus: 200,
          attempts: [],
          cost: { microUsd: cost, status: 'exact' },
        } as const;
        return log.close(finalRow(facts, settlement, clock.now()));
      };
      return { facts, lease, close };
    },
    /** As it is called every minute; with `budgets`, where it can reach the store. */
    sweep: (budgets?: ReturnType<typeof open>) =>
      sweepOpenRows(clock.now() - ABANDONED_AFTER_MS, {
        log,
        onClosed: async (row) => budgets?.settle(row),
        onFailure: (_, cause) => failures.push(cause),
      }),
  };
}

export const aPrincipal = (more: Partial<Principal> = {}): Principal =>
  principalSchema.parse({
    tenantId: 'shop',
    keyId: 'abcdefgh1234',
    userId: 'user-1',
    scopes: ['inference'],
    policyVersion: 1,
    limits: {},
    ...more,
  });
