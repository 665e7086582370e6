import type { EdgeContext } from '../middleware/request-context.ts';
import { type ForwardDeps, forward } from './forward.ts';

export const mcp = (deps: ForwardDeps) => (c: EdgeContext) => forward(deps, c, '/mcp');
