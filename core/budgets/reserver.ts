/**
 * Reserves in the shared store, or without it: keys with a budget are then refused, and for the others this
 * process counts alone.
 */
import type { BudgetStore, ExpiredLeases, Reservation, ReserveReply } from './budget-store.ts';
import { createInProcessBudgetStore } from './in-process-budget-store.ts';
import { createInformedStore, type InformedStoreDeps } from './informed-store.ts';

export interface ReserverDeps extends InformedStoreDeps {
  /** The store failed, or what it has to be told could not be had. */
  readonly onFailure: (cause: unknown) => void;
}

export interface Reserved {
  readonly reply: ReserveReply | 'unavailable';
  /** Where the request may have a lease to settle. */
  readonly holder: BudgetStore | undefined;
  /** Decided without the shared store. */
  readonly isDegraded: boolean;
}

export interface Reserver {
  /** Never rejects. */
  reserve(request: Reservation): Promise<Reserved>;
}

/** For so long after a failure keys without a budget leave the store alone: an outage must not cost each its timeout. */
const REST_MS = 1_000;
/** Leases that have run out are looked at no more often, unless a request is refused for want of what they hold. */
const LOOK_EVERY_MS = 1_000;

export function createReserver(deps: ReserverDeps): Reserver {
  const { store, clock, onFailure } = deps;
  const informed = createInformedStore(deps);
  const local = createInProcessBudgetStore();
  let restsUntil = 0;
  let looksFrom = 0;

  const settleLater = ({ tenantId, now }: Reservation, expired: ExpiredLeases) => {
    if (expired.length === 0 || now < looksFrom) return;
    looksFrom = now + LOOK_EVERY_MS;
    informed.settleExpired(tenantId, expired).catch(onFailure);
  };

  const reserveAlone = async (request: Reservation): Promise<Reserved> => {
    const reply = await local.reserve(request);
    return { reply, holder: reply.kind === 'admitted' ? local : undefined, isDegraded: true };
  };

  return {
    async reserve(request) {
      const isBudgeted = request.budgets.length > 0;
      if (!isBudgeted && request.now < restsUntil) return reserveAlone(request);
      try {
        const reply = await informed.reserve(request);
        if (reply.kind !== 'admitted') return { reply, holder: undefined, isDegraded: false };
        settleLater(request, reply.expired);
        return { reply, holder: store, isDegraded: false };
      } catch (cause) {
        onFailure(cause);
        restsUntil = clock.now() + REST_MS;
        // It may have been reserved all the same, only too late.
        if (isBudgeted) return { reply: 'unavailable', holder: store, isDegraded: false };
        return reserveAlone(request);
      }
    },
  };
}
