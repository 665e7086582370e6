/** Hands a request that every stage has admitted to the core, and the core's answer back. */

import type { EdgeContext } from '../middleware/request-context.ts';
import { toClientHeaders, toCoreHeaders } from '../policy/crossing-headers.ts';
import type { Core } from '../ports.ts';

export interface ForwardDeps {
  readonly core: Core;
  readonly now: () => number;
}

/** `path` with its query. The body is the parsed one: what was checked is what is sent on. */
export async function forward({ core, now }: ForwardDeps, c: EdgeContext, path: string) {
  const { body, key, ids } = c.var;
  const headers = toCoreHeaders(c.req.raw.headers, ids);
  if (body) headers.set('content-type', 'application/json');
  const sentAt = now();
  try {
    const answer = await core.send({
      method: c.req.method,
      path,
      headers,
      body: body && JSON.stringify(body),
      caller: { kind: 'principal', principal: key },
      signal: c.req.raw.signal,
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: toClientHeaders(answer.headers),
    });
  } finally {
    c.set('coreMs', now() - sentAt);
  }
}
