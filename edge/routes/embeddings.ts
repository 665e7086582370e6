import type { EdgeContext } from '../middleware/request-context.ts';
import { type ForwardDeps, forward } from './forward.ts';

export const embeddings = (deps: ForwardDeps) => (c: EdgeContext) =>
  forward(deps, c, '/v1/embeddings');
