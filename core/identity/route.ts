/** `GET /internal/keys/{digest}`: the edge asks for a key that its stores do not know. */
import { Fault } from '../contract/fault.ts';
import { type CoreContext, requireEdge } from '../http/request-facts.ts';
import type { KeyDirectory } from './key-directory.ts';

export const keyLookupRoute = (keys: Pick<KeyDirectory, 'find'>) => async (c: CoreContext) => {
  requireEdge(c);
  const record = await keys.find(c.req.param('digest') ?? '', c.env.waitUntil);
  if (!record) throw new Fault('resource_not_found');
  return c.json(record);
};
