import type { EdgeContext } from '../middleware/request-context.ts';
import { type ForwardDeps, forwardBody } from './forward.ts';

/** The bytes as they came: nothing here is decided by them, and the core answers a wrong one in JSON-RPC. */
export const mcp = (deps: ForwardDeps) => (c: EdgeContext) =>
  forwardBody(deps, c, { path: '/mcp', body: c.var.bodyBytes });
