/**
 * What is reserved and spent by a tenant, as all instances share it. One call decides over all budgets, token
 * windows and places of a request: it gets all of them or none. `account.ts` says what each call does.
 */
import type { MicroUsd } from '../contract/money.ts';
import type { Budget, Limits } from '../contract/principal.ts';
import type { BudgetMoment } from './budget.ts';

export interface AccountMoment extends BudgetMoment {
  readonly tenantId: string;
}

/** Names the lease of a request, and with it the periods that it belongs to. */
export interface LeaseName extends AccountMoment {
  readonly requestId: string;
}

/** Times in epoch ms. */
export interface Reservation extends LeaseName {
  readonly now: number;
  readonly budgets: readonly Budget[];
  readonly limits: Limits;
  readonly tenantLimits: Limits;
  /** The most that the request can cost and use. */
  readonly costMicroUsd: MicroUsd;
  readonly tokens: number;
  /** By then the request has ended, and its place is free. */
  readonly endsAt: number;
  /** From then on the log row decides what becomes of the lease. */
  readonly expiresAt: number;
  /** The longest that any lease lasts. */
  readonly lifetimeMs: number;
  /** What the store knows of a budget from before is to be learned anew, unless something is reserved of it. */
  readonly learnedSince: number;
}

export type ReserveReply =
  | {
      readonly kind: 'admitted';
      /** Tokens taken in this minute, this request's included, by owner; 0 where there is no limit. */
      readonly tokensUsed: readonly number[];
      readonly expired: ExpiredLeases;
    }
  | {
      readonly kind: 'over-budget';
      readonly place: number;
      readonly spentMicroUsd: MicroUsd;
      readonly reservedMicroUsd: MicroUsd;
      readonly expired: ExpiredLeases;
    }
  | { readonly kind: 'over-tokens'; readonly owner: number; readonly tokensUsed: number }
  | { readonly kind: 'over-concurrency'; readonly owner: number }
  /** The store knows nothing of the tenant, or has lost what it knew. */
  | { readonly kind: 'forgotten' }
  /** What was lost may still be under way: until then nobody knows what is reserved. */
  | { readonly kind: 'recalling'; readonly until: number }
  /** What is spent of these budgets has to be learned. */
  | { readonly kind: 'unknown'; readonly places: readonly number[] };

/** Leases under a budget that have run out, the earliest first; ten at most. */
export type ExpiredLeases = readonly ExpiredLease[];
export type ExpiredLease = Omit<LeaseName, 'tenantId'>;

export interface Lesson extends AccountMoment {
  readonly now: number;
  readonly lifetimeMs: number;
  /** What final rows have spent, by place. */
  readonly spent: readonly (MicroUsd | undefined)[];
}

export interface LeaseEnd extends LeaseName {
  readonly costMicroUsd: MicroUsd;
  readonly tokens: number;
}

export type SettleReply =
  /** `reservedMicroUsd`: what it had; undefined where it was under no budget. */
  | { readonly kind: 'settled'; readonly reservedMicroUsd: MicroUsd | undefined }
  /** It was settled before, or was lost with the store's memory. */
  | { readonly kind: 'unknown' };

export interface BudgetReading {
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
}

export interface BudgetStore {
  reserve(reservation: Reservation): Promise<ReserveReply>;
  /** Gives the lease back and charges what was used, once. */
  settle(end: LeaseEnd): Promise<SettleReply>;
  /**
   * From when on the store knows the tenant, unless it knows already: 0 where nothing can have been lost, else now.
   * Until that is one lifetime ago, requests under a budget are `recalling`.
   */
  begin(tenantId: string, since: number): Promise<void>;
  /** Ignored for a budget of which something is reserved, and while the store is `recalling`; never lowers. */
  learn(lesson: Lesson): Promise<void>;
  /** By place; undefined where the store knows nothing. */
  read(of: AccountMoment): Promise<readonly (BudgetReading | undefined)[]>;
}
