import type { RequestLog, RequestLogRow } from '../../core/ledger/request-log.ts';

export interface InMemoryRequestLog extends RequestLog {
  /** Every row, in the order of opening. */
  readonly rows: () => readonly RequestLogRow[];
}

export function createInMemoryRequestLog(): InMemoryRequestLog {
  const rows = new Map<string, RequestLogRow>();
  const put = async (row: RequestLogRow, replaces: boolean) => {
    const known = rows.get(row.requestId);
    if (!known || (replaces && known.outcome === 'open')) rows.set(row.requestId, row);
  };
  return {
    rows: () => [...rows.values()],
    open: (row) => put(row, false),
    record: (row) => put(row, false),
    close: (row) => put(row, true),
    find: async (requestId) => rows.get(requestId),
    async list({ limit, before, from = '', to = '~', userId, keyId, success }) {
      return [...rows.values()]
        .filter((row) => row.timestamp >= from && row.timestamp <= `${to}~`)
        .filter((row) => !before || place(row) < place(before))
        .filter((row) => userId === undefined || row.userId === userId)
        .filter((row) => keyId === undefined || row.keyId === keyId)
        .filter(
          (row) => success === undefined || (row.outcome !== 'open' && row.success === success),
        )
        .sort((a, b) => (place(a) < place(b) ? 1 : -1))
        .slice(0, limit);
    },
  };
}

const place = ({ timestamp, requestId }: Pick<RequestLogRow, 'timestamp' | 'requestId'>): string =>
  `${timestamp}#${requestId}`;
