import { Fault } from '../../core/contract/fault.ts';
import type { EdgeContext } from '../middleware/request-context.ts';
import { type ForwardDeps, forward } from './forward.ts';

/** Plain segments only: no spelling of a path may mean another one to the core. */
const PATH = /^\/admin(\/[\w.~:@-]+)+$/;

export const admin = (deps: ForwardDeps) => (c: EdgeContext) => {
  if (!PATH.test(c.req.path)) throw new Fault('route_not_found');
  return forward(deps, c, c.req.path + new URL(c.req.url).search);
};
