/** Reserve → dispatch → close the row → settle from the row. */
import { Fault } from '../contract/fault.ts';
import type { MicroUsd } from '../contract/money.ts';
import type { Principal } from '../contract/principal.ts';
import type { FinalRow } from '../ledger/request-log.ts';
import type { BudgetStore, Reservation } from './budget-store.ts';
import { leaseEnd, leaseOf } from './lease-end.ts';
import { refusalOf, type TokenReading, tokenReading } from './refusal.ts';
import { createReserver, type Reserved, type ReserverDeps } from './reserver.ts';

export interface OverReservation {
  readonly requestId: string;
  readonly tenantId: string;
  readonly reservedMicroUsd: MicroUsd;
  readonly costMicroUsd: MicroUsd;
}

export interface BudgetsDeps extends ReserverDeps {
  /** Of a whole request. */
  readonly deadlineMs: number;
  /** A provider charged for more than could be foreseen. The excess is charged as well. */
  readonly onOverReservation: (excess: OverReservation) => void;
}

/** Times in epoch ms. */
export interface Demand {
  readonly requestId: string;
  readonly principal: Principal;
  readonly receivedAt: number;
  readonly deadline: number;
  /** The most that the request can cost and use. */
  readonly costMicroUsd: MicroUsd;
  readonly tokens: number;
}

export interface Admission {
  /** Why the request may not be sent. */
  readonly refusal?: Fault | undefined;
  /** Undefined where no limit of tokens holds. */
  readonly tokens?: TokenReading | undefined;
  /** Decided without the shared store. */
  readonly isDegraded: boolean;
}

export interface Lease {
  readonly admission: Promise<Admission>;
  /** With the final row, however the request ended. Never rejects: what is not settled here expires. */
  settle(row: FinalRow): Promise<void>;
}

export interface Budgets {
  /** Begins to reserve what the request demands at most, of all its budgets and limits or of none. */
  lease(demand: Demand): Lease;
  /** For a row that was closed by another than its own request. Never rejects. */
  settle(row: FinalRow): Promise<void>;
}

/** A request may end a little after its deadline. */
const PLACE_MARGIN_MS = 5_000;
/** By then the sweeper has closed the row of a core that died: it waits half a minute, and comes every minute. */
const LEASE_MARGIN_MS = 120_000;
/** What the store knows of a budget is compared with the truth in the first quiet moment after so long. */
const RELEARN_AFTER_MS = 300_000;

const UNLIMITED: Lease = {
  admission: Promise.resolve({ isDegraded: false }),
  settle: async () => {},
};

export function createBudgets(deps: BudgetsDeps): Budgets {
  const { clock, deadlineMs, onFailure, onOverReservation } = deps;
  const reserver = createReserver(deps);

  const toReservation = ({ principal, deadline, ...demand }: Demand): Reservation => {
    const { tenantId, keyId, budgets, limits, tenantLimits } = principal;
    const now = clock.now();
    return {
      ...demand,
      ...{ tenantId, keyId, budgets, limits, tenantLimits, now },
      endsAt: deadline + PLACE_MARGIN_MS,
      expiresAt: deadline + LEASE_MARGIN_MS,
      lifetimeMs: deadlineMs + LEASE_MARGIN_MS,
      learnedSince: now - RELEARN_AFTER_MS,
    };
  };

  const settle = async (row: FinalRow, holder: BudgetStore) => {
    try {
      const reply = await holder.settle(leaseEnd(leaseOf(row), row));
      const reservedMicroUsd = reply.kind === 'settled' ? reply.reservedMicroUsd : undefined;
      const { requestId, tenantId, costMicroUsd } = row;
      if (reservedMicroUsd !== undefined && costMicroUsd > reservedMicroUsd) {
        onOverReservation({ requestId, tenantId, reservedMicroUsd, costMicroUsd });
      }
    } catch (cause) {
      onFailure(cause);
    }
  };

  return {
    settle: (row) => settle(row, deps.store),
    lease(demand) {
      if (!isLimited(demand.principal)) return UNLIMITED;
      const reservation = toReservation(demand);
      const reserved = reserver.reserve(reservation);
      return {
        admission: reserved.then((each) => toAdmission(each, reservation)),
        async settle(row) {
          const { holder } = await reserved;
          if (holder) await settle(row, holder);
        },
      };
    },
  };
}

const isLimited = ({ budgets, limits, tenantLimits }: Principal): boolean =>
  budgets.length > 0 ||
  [limits, tenantLimits].some(
    ({ tokensPerMinute, maxConcurrency }) => (tokensPerMinute ?? maxConcurrency) !== undefined,
  );

const toAdmission = ({ reply, isDegraded }: Reserved, request: Reservation): Admission => ({
  refusal:
    reply === 'unavailable'
      ? new Fault('budget_unavailable', { retryAfterSeconds: 1 })
      : refusalOf(reply, request),
  tokens: reply === 'unavailable' ? undefined : tokenReading(reply, request),
  isDegraded,
});
