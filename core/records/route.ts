/** `POST /internal/records`: rows of requests that the edge answered itself. */
import { type EdgeRecord, edgeRecordsSchema } from '../contract/edge-record.ts';
import { Fault } from '../contract/fault.ts';
import { readJsonBody } from '../http/read-body.ts';
import { type CoreContext, requireEdge } from '../http/request-facts.ts';
import type { FinalRow, RequestLog } from '../ledger/request-log.ts';

/** A full queue batch of records, with room to spare. */
const MAX_BATCH_BYTES = 1_048_576;

/** Answers 204 once every row is durable, so that the queue delivers the batch again otherwise. */
export const recordsRoute = (log: Pick<RequestLog, 'record'>) => async (c: CoreContext) => {
  requireEdge(c);
  const parsed = edgeRecordsSchema.safeParse(await readJsonBody(c.req.raw, MAX_BATCH_BYTES));
  if (!parsed.success) throw new Fault('invalid_parameter', { cause: parsed.error });
  await Promise.all(parsed.data.records.map((record) => log.record(toRow(record))));
  return c.body(null, 204);
};

/** An answer from the cache costs nothing; what it saved stands beside it. */
function toRow({ timestamp, latencyMs, usage, ...record }: EdgeRecord): FinalRow {
  return {
    ...record,
    timestamp: new Date(timestamp).toISOString(),
    outcome: 'success',
    success: true,
    attempts: [],
    cost: 0,
    costMicroUsd: 0,
    costStatus: 'exact',
    latency: latencyMs,
    ...(usage && {
      tokens: usage.total_tokens,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    }),
  };
}
