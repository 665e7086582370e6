/** Closes the rows whose core died before it could: every accepted request ends in one final row. */
import type { FinalRow, OpenRow, RequestLog } from './request-log.ts';
import { abandonedRow } from './row.ts';

export interface SweepDeps {
  readonly log: Pick<RequestLog, 'listOverdue' | 'close'>;
  /** Told of each row that was found open and is final now, whoever has closed it; may be told twice. */
  readonly onClosed: (row: FinalRow) => Promise<void>;
  /** Told why a row could not be closed: the next sweep will try again. */
  readonly onFailure: (row: OpenRow, cause: unknown) => void;
}

/** A request's own end comes before its deadline; its row may take until then to arrive, by way of the second place. */
export const ABANDONED_AFTER_MS = 30_000;

/** Those whose deadline was before `deadline` (epoch ms). Rejects if they cannot be listed. */
export async function sweepOpenRows(
  deadline: number,
  { log, onClosed, onFailure }: SweepDeps,
): Promise<void> {
  const abandon = async (row: OpenRow) => onClosed(await log.close(abandonedRow(row)));
  for await (const rows of log.listOverdue(deadline)) {
    await Promise.all(
      rows.map((row) => abandon(row).catch((cause: unknown) => onFailure(row, cause))),
    );
  }
}
