import { createMiddleware } from 'hono/factory';
import type { EdgeRecord } from '../../core/contract/edge-record.ts';
import type { CachedAnswer, Log, Records } from '../ports.ts';
import type { EdgeContext, EdgeEnv } from './request-context.ts';

export interface RecordDeps {
  /** Undefined where no queue is bound. */
  readonly records: Records | undefined;
  readonly now: () => number;
  readonly log: Log;
}

/** Records what the edge answered itself; everything that reached the core is the core's to record. */
export const record = ({ records, now, log }: RecordDeps) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    await next();
    if (!c.var.hit) return;
    const entry = toRecord(c, c.var.hit, now());
    const notSent = () => log({ event: 'record-not-sent', record: entry });
    if (records) return c.executionCtx.waitUntil(records.send(entry).catch(notSent));
    c.var.degraded.add('records');
    notSent();
  });

function toRecord(c: EdgeContext, hit: CachedAnswer, now: number): EdgeRecord {
  const { ids, key, chat, metadata, startedAt } = c.var;
  return {
    ...ids,
    tenantId: key.tenantId,
    keyId: key.keyId,
    userId: key.userId,
    endpoint: c.req.path,
    model: chat.model,
    ...(metadata && { metadata }),
    provider: hit.provider,
    timestamp: startedAt,
    latencyMs: now - startedAt,
    httpStatus: c.res.status,
    cache: 'HIT',
    stream: Boolean(chat.stream),
    ...(hit.completion.usage && { usage: hit.completion.usage }),
    ...(hit.costMicroUsd !== undefined && { savedMicroUsd: hit.costMicroUsd }),
  };
}
