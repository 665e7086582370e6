/** Hands a request that every stage has admitted to the core, and the core's answer back. */
import { HEADER } from '../../core/contract/header-names.ts';
import type { EdgeContext } from '../middleware/request-context.ts';
import { toClientHeaders, toCoreHeaders } from '../policy/crossing-headers.ts';
import type { Core } from '../ports.ts';
import { createLeaveNotice, noticeLeaving } from './leave-notice.ts';

export interface ForwardDeps {
  readonly core: Core;
  readonly now: () => number;
}

/** `path` with its query. The parsed body goes on, so that what was checked is what is sent. */
export function forward(deps: ForwardDeps, c: EdgeContext, path: string): Promise<Response> {
  const { body } = c.var;
  return forwardBody(deps, c, { path, body: body && JSON.stringify(body) });
}

export interface Forwarded {
  readonly path: string;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

export async function forwardBody(
  { core, now }: ForwardDeps,
  c: EdgeContext,
  { path, body }: Forwarded,
): Promise<Response> {
  const { key, ids } = c.var;
  const headers = toCoreHeaders(c.req.raw.headers, ids);
  const cache = c.var.answerHeaders.get(HEADER.cache);
  // For the core's log: it cannot see what the cache was asked.
  if (cache !== null) headers.set(HEADER.cache, cache);
  const onLeave = createLeaveNotice(core, c);
  const sentAt = now();
  try {
    const answer = await core.send({
      method: c.req.method,
      path,
      headers,
      body,
      caller: { kind: 'principal', principal: key },
      signal: c.req.raw.signal,
    });
    return new Response(noticeLeaving(answer, onLeave), {
      status: answer.status,
      headers: toClientHeaders(answer.headers),
    });
  } finally {
    c.set('coreMs', now() - sentAt);
  }
}
