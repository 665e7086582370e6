/** What every request has and every answer carries, whichever stage it ends in. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { ChatRequest } from '../../core/contract/chat.ts';
import { Fault } from '../../core/contract/fault.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import type { JsonObject } from '../../core/contract/json-body.ts';
import type { KeyRecord } from '../../core/contract/principal.ts';
import type { RequestMetadata } from '../../core/contract/request-metadata.ts';
import type { CacheKey } from '../policy/cache-key.ts';
import type { CachePlan } from '../policy/cacheability.ts';
import { coreStatus } from '../policy/core-answer.ts';
import { clientRequestId, mintRequestId, type RequestIds } from '../policy/request-id.ts';
import type { CachedAnswer, Log } from '../ports.ts';

export interface CacheLookUp {
  readonly plan: CachePlan;
  /** Undefined for a request that bypasses the cache. */
  readonly key: Promise<CacheKey> | undefined;
  /** Never rejects. */
  readonly found: Promise<CachedAnswer | 'nothing' | 'unavailable'>;
}

export interface EdgeEnv {
  Variables: {
    ids: RequestIds;
    /** Epoch ms. */
    startedAt: number;
    /** How long the request waited for the core, in ms; undefined while it has not. */
    coreMs: number | undefined;
    /** Joined to the headers of whatever answer it becomes. */
    answerHeaders: Headers;
    /** What ran in its fallback. */
    degraded: Set<'limiter' | 'cache' | 'records'>;

    key: KeyRecord;
    bodyBytes: Uint8Array<ArrayBuffer>;
    body: JsonObject | undefined;
    chat: ChatRequest;
    metadata: RequestMetadata | undefined;
    lookUp: CacheLookUp;
    hit: CachedAnswer | undefined;
  };
}
export type EdgeContext = Context<EdgeEnv>;

export interface RequestContextDeps {
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Log;
}

export const requestContext = ({ now, randomBytes, log }: RequestContextDeps) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const startedAt = now();
    c.set('startedAt', startedAt);
    c.set('answerHeaders', new Headers());
    c.set('degraded', new Set());
    c.set('ids', {
      requestId: mintRequestId(startedAt, randomBytes(10)),
      clientRequestId: clientRequestId(c.req.header(HEADER.requestId)),
    });
    await next();
    const durationMs = now() - startedAt;
    finishHeaders(c, durationMs);
    log({
      event: 'request',
      requestId: c.var.ids.requestId,
      method: c.req.method,
      route: routePath(c),
      status: c.res.status,
      durationMs,
      code: c.error instanceof Fault ? c.error.code : undefined,
      degraded: c.res.headers.get(HEADER.degraded) ?? undefined,
      coreStatus: c.error && coreStatus(c.error),
      thrown: c.error && whereThrown(c.error),
    });
  });

function finishHeaders(c: EdgeContext, durationMs: number) {
  const { ids, answerHeaders, degraded, coreMs } = c.var;
  const { headers } = c.res;
  for (const [name, value] of answerHeaders) headers.set(name, value);
  for (const part of degraded) headers.append(HEADER.degraded, part);
  headers.set(HEADER.requestId, ids.requestId);
  if (ids.clientRequestId) headers.set(HEADER.clientRequestId, ids.clientRequestId);
  headers.set('cache-control', 'private, no-store');
  headers.set('vary', 'Authorization');
  // The core itself knows better how long it took.
  const isCoreTimed = /(^|,)\s*core;/.test(headers.get(HEADER.serverTiming) ?? '');
  if (coreMs !== undefined && !isCoreTimed) {
    headers.append(HEADER.serverTiming, `core;dur=${coreMs}`);
  }
  headers.append(HEADER.serverTiming, `edge;dur=${durationMs - (coreMs ?? 0)}`);
}

/** The frames of an unexpected error without its message, which may quote a prompt. */
function whereThrown(error: Error): string | undefined {
  const unexpected = error instanceof Fault ? error.cause : error;
  if (!(unexpected instanceof Error)) return undefined;
  const frames = unexpected.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [unexpected.name, ...frames.slice(0, 5).map((line) => line.trim())].join(' ');
}
