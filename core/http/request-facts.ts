/** What every core request carries: its id, its caller, and the work that goes on after the answer. */
import type { Context, Hono } from 'hono';
import type { Admission } from '../budgets/budgets.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import type { HopCaller } from '../contract/hop.ts';
import { mayUse, type Principal, type Scope } from '../contract/principal.ts';

export interface CoreBindings {
  /** Keeps the process alive for work after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Fires before the host ends the process; absent where it never does. */
  readonly signal?: AbortSignal;
}

export interface CoreHttp {
  Bindings: CoreBindings;
  Variables: { requestId: string; receivedAt: number; caller: HopCaller; admission?: Admission };
}

export type CoreContext = Context<CoreHttp>;
export type CoreApp = Hono<CoreHttp>;

/** The principal of the hop, if it has the scope; the one place where a route's scope is checked. */
export function principalWith(scope: Scope, c: CoreContext): Principal {
  const caller = c.get('caller');
  if (caller.kind !== 'principal' || !caller.principal.scopes.includes(scope)) {
    throw new Fault('forbidden');
  }
  return caller.principal;
}

/** Refuses everyone but the edge speaking in its own name. */
export function requireEdge(c: CoreContext): void {
  if (c.get('caller').kind !== 'edge') throw new Fault('forbidden');
}

/** Refuses a model that the key may not use. */
export function allowModel(principal: Principal, model: string): void {
  if (!mayUse(principal, model)) throw new Fault('model_not_allowed', { param: 'model' });
}

export const idempotencyKey = (c: CoreContext): string | undefined =>
  c.req.header(HEADER.idempotencyKey);

/**
 * Fires when nobody waits for the answer any more. Who sent an idempotency key may leave and ask again:
 * then only the host ends the request before its deadline.
 */
export function leaveSignal(c: CoreContext): AbortSignal {
  if (idempotencyKey(c) === undefined) return c.req.raw.signal;
  return c.env.signal ?? new AbortController().signal;
}
