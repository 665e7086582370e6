/** The other end of the queue: brings a batch of records to the core. */
import type { Core, Log } from './ports.ts';

const TIMEOUT_MS = 30_000;
/**
 * As wrangler.toml says it; a later failure is the last.
 * @internal
 */
export const MAX_RETRIES = 100;

export interface DeliverRecordsDeps {
  readonly core: Core;
  readonly log: Log;
}

/** Cloudflare's `MessageBatch`, as far as it is used. */
export interface RecordBatch {
  /** `attempts` counts from 1. */
  readonly messages: readonly { readonly body: unknown; readonly attempts: number }[];
  ackAll(): void;
  retryAll(): void;
}

/** All or nothing: the core reads them, and writes each once, however often it comes. */
export async function deliverRecords(deps: DeliverRecordsDeps, batch: RecordBatch): Promise<void> {
  const records = batch.messages.map(({ body }) => body);
  const isDelivered = await deliver(deps.core, records).catch(() => false);
  if (isDelivered) return batch.ackAll();
  for (const { attempts, body } of batch.messages) {
    if (attempts > MAX_RETRIES) deps.log({ event: 'record-not-delivered', record: body });
  }
  batch.retryAll();
}

async function deliver(core: Core, records: readonly unknown[]): Promise<boolean> {
  const answer = await core.send({
    method: 'POST',
    path: '/internal/records',
    headers: new Headers({ 'content-type': 'application/json' }),
    body: JSON.stringify({ records }),
    caller: { kind: 'edge' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  return answer.ok;
}
