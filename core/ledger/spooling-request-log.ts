/** A log that never fails the request: a row that the store will not take goes to the second place. */
import type { RequestLog, RequestLogRow } from './request-log.ts';

/** Takes a row that could not be stored, with why; must not throw. */
export type Spool = (row: RequestLogRow, cause: unknown) => void;

export function createSpoolingRequestLog(log: RequestLog, spool: Spool): RequestLog {
  const spooled =
    <Row extends RequestLogRow>(write: (row: Row) => Promise<void>) =>
    (row: Row) =>
      write(row).catch((cause: unknown) => spool(row, cause));
  return {
    ...log,
    open: spooled(log.open),
    close: spooled(log.close),
    record: spooled(log.record),
  };
}
