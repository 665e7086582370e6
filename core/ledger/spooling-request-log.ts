/** A log that never fails the request: a row that the store will not take goes to the second place. */
import type { RequestLog, RequestLogRow } from './request-log.ts';
import type { RowSpool } from './row-spool.ts';

export interface SpoolingRequestLogDeps {
  readonly log: RequestLog;
  readonly spool: RowSpool;
  /** Told why the log did not take the row. */
  readonly onSpooled: (row: RequestLogRow, cause: unknown) => void;
  /** Told of a row that neither place has taken: to print it is the last chance. */
  readonly onLost: (row: RequestLogRow, cause: unknown) => void;
}

export function createSpoolingRequestLog(deps: SpoolingRequestLogDeps): RequestLog {
  const { log, spool, onSpooled, onLost } = deps;
  const putAside = async (row: RequestLogRow, cause: unknown) => {
    try {
      await spool.put(row);
      onSpooled(row, cause);
    } catch (error) {
      onLost(row, error);
    }
  };
  return {
    ...log,
    open: (row) => log.open(row).catch((cause: unknown) => putAside(row, cause)),
    record: (row) => log.record(row).catch((cause: unknown) => putAside(row, cause)),
    close: (row) =>
      log.close(row).catch(async (cause: unknown) => {
        await putAside(row, cause);
        return row;
      }),
  };
}
