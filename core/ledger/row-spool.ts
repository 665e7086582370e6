/** The durable second place of rows that the request log will not take, and their way back. */
import type { FinalRow, RequestLog, RequestLogRow } from './request-log.ts';

export interface RowSpool {
  /** Resolves when the row is durable. */
  put(row: RequestLogRow): Promise<void>;
}

export interface ReplayDeps {
  readonly log: Pick<RequestLog, 'open' | 'close'>;
  /** Told of each row that has become final late; may be told twice. */
  readonly onClosed: (row: FinalRow) => Promise<void>;
}

/** Brings a spooled row to the log; rejects if that still does not take it. Doing it twice changes nothing. */
export async function replayRow(row: RequestLogRow, { log, onClosed }: ReplayDeps): Promise<void> {
  if (row.outcome === 'open') return log.open(row);
  await onClosed(await log.close(row));
}
