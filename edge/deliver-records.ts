/** The other end of the queue: brings a batch of records to the core. */
import type { Core } from './ports.ts';

const TIMEOUT_MS = 30_000;

/** Cloudflare's `MessageBatch`, as far as it is used. */
export interface RecordBatch {
  readonly messages: readonly { readonly body: unknown }[];
  ackAll(): void;
  retryAll(): void;
}

/** All or nothing: the core reads them, and writes each once, however often it comes. */
export async function deliverRecords(core: Core, batch: RecordBatch): Promise<void> {
  const records = batch.messages.map(({ body }) => body);
  const answer = await core.send({
    method: 'POST',
    path: '/internal/records',
    headers: new Headers({ 'content-type': 'application/json' }),
    body: JSON.stringify({ records }),
    caller: { kind: 'edge' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (answer.ok) batch.ackAll();
  else batch.retryAll();
}
