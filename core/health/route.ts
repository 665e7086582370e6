/** `GET /healthz` and `GET /readyz`: public and without detail; an operator sees the providers as well. */
import { HEADER } from '../contract/header-names.ts';
import type { HopCaller } from '../contract/hop.ts';
import type { CoreContext } from '../http/request-facts.ts';
import type { Availability } from './provider-availability.ts';

export interface HealthDeps {
  /** Whether the stores answer. */
  readonly isReady: () => Promise<boolean>;
  readonly availability: () => Promise<readonly Availability[]>;
  readonly verifyHop: (token: string) => Promise<HopCaller>;
}

export const healthzRoute = (c: CoreContext) => c.json({ status: 'ok' });

export const readyzRoute = (deps: HealthDeps) => async (c: CoreContext) => {
  const detail = (await isOperator(deps, c)) && { providers: await deps.availability() };
  return (await deps.isReady())
    ? c.json({ status: 'ready', ...detail })
    : c.json({ status: 'unavailable', ...detail }, 503);
};

async function isOperator({ verifyHop }: HealthDeps, c: CoreContext): Promise<boolean> {
  const token = c.req.header(HEADER.hop);
  if (token === undefined) return false;
  const caller = await verifyHop(token);
  return caller.kind === 'principal' && caller.principal.scopes.includes('admin');
}
