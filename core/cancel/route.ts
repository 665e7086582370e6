/** `POST /internal/cancel/{requestId}`: the edge saw the client of a running request leave. */
import { type CoreContext, requireEdge } from '../http/request-facts.ts';
import type { CancelWatch } from './cancel-watch.ts';

export const cancelRoute = (cancelWatch: CancelWatch) => async (c: CoreContext) => {
  requireEdge(c);
  await cancelWatch.cancel(c.req.param('requestId') ?? '');
  return c.body(null, 204);
};
