/** `POST /internal/records`: rows of requests that the edge answered itself. */
import * as z from 'zod';
import { type EdgeRecord, edgeRecordSchema } from '../contract/edge-record.ts';
import { Fault } from '../contract/fault.ts';
import { microUsd } from '../contract/money.ts';
import { parseInput } from '../contract/parse-input.ts';
import { readJsonBody } from '../http/read-body.ts';
import { type CoreContext, requireEdge } from '../http/request-facts.ts';
import type { FinalRow, RequestLog } from '../ledger/request-log.ts';

/** A full queue batch of records, with room to spare. */
const MAX_BATCH_BYTES = 1_048_576;

/** Rows of one tenant share its counters, so that more would only get in each other's way. */
const AT_ONCE = 10;

const batchSchema = z.object({ records: z.array(z.unknown()) });

export interface RecordsRouteDeps {
  readonly edgeRecords: Pick<RequestLog, 'record'>;
  readonly reportError: (error: { readonly requestId: string; readonly cause: unknown }) => void;
}

/**
 * Answers 204 once every row is durable, so that the queue delivers the batch again otherwise. A record
 * that is none is reported and left out: it would hold the others back for ever.
 */
export const recordsRoute = (deps: RecordsRouteDeps) => async (c: CoreContext) => {
  requireEdge(c);
  const body = await readJsonBody(c.req.raw, MAX_BATCH_BYTES);
  const batch = parseInput(batchSchema, { value: body, from: 'body' });
  if (batch instanceof Fault) throw batch;
  const rows: FinalRow[] = [];
  for (const item of batch.records) {
    const record = parseInput(edgeRecordSchema, { value: item, from: 'body' });
    if (record instanceof Fault) {
      deps.reportError({ requestId: c.get('requestId'), cause: record });
    } else {
      rows.push(toRow(record));
    }
  }
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    await Promise.all(rows.slice(start, start + AT_ONCE).map(deps.edgeRecords.record));
  }
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
    costMicroUsd: microUsd(0),
    costStatus: 'exact',
    latency: latencyMs,
    ...(usage && {
      tokens: usage.total_tokens,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    }),
  };
}
