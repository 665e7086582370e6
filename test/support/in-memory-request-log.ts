import type {
  FinalRow,
  OpenRow,
  RequestLog,
  RequestLogRow,
} from '../../core/ledger/request-log.ts';
import {
  groupUsages,
  spendIn,
  type UsageCounters,
  type UsageEntry,
  type UsagePeriod,
  usageOf,
} from '../../core/ledger/usage-counters.ts';

export interface InMemoryRequestLog extends RequestLog {
  /** Every row, in the order of opening. */
  readonly rows: () => readonly RequestLogRow[];
  readonly counters: UsageCounters;
}

export function createInMemoryRequestLog(): InMemoryRequestLog {
  const rows = new Map<string, RequestLogRow>();
  const usages: UsageEntry[] = [];
  const finish = (row: FinalRow) => {
    rows.set(row.requestId, row);
    usages.push(usageOf(row));
  };
  const usagesIn = ({ from, to }: UsagePeriod, tenantId?: string) =>
    usages.filter(
      ({ of: { tenant, day } }) =>
        day >= from && day <= to && (tenantId === undefined || tenant === tenantId),
    );
  return {
    rows: () => [...rows.values()],
    counters: {
      spent: async (query) => spendIn(usagesIn(query, query.tenantId), query),
      groupBy: async (query) => groupUsages(usagesIn(query, query.tenantId), query.groupBy),
    },
    async open(row) {
      if (!rows.has(row.requestId)) rows.set(row.requestId, row);
    },
    async record(row) {
      if (!rows.has(row.requestId)) finish(row);
    },
    async close(row) {
      const known = rows.get(row.requestId);
      if (known && known.outcome !== 'open') return known;
      finish(row);
      return row;
    },
    find: async (requestId) => rows.get(requestId),
    async list({ limit, before, from = '', to = '~', userId, keyId, tenantId, success }) {
      return [...rows.values()]
        .filter((row) => row.timestamp >= from && row.timestamp <= `${to}~`)
        .filter((row) => !before || place(row) < place(before))
        .filter((row) => userId === undefined || row.userId === userId)
        .filter((row) => keyId === undefined || row.keyId === keyId)
        .filter((row) => tenantId === undefined || row.tenantId === tenantId)
        .filter(
          (row) => success === undefined || (row.outcome !== 'open' && row.success === success),
        )
        .sort((a, b) => (place(a) < place(b) ? 1 : -1))
        .slice(0, limit);
    },
    async *listOverdue(deadline) {
      yield [...rows.values()].filter(
        (row): row is OpenRow => row.outcome === 'open' && row.deadline < deadline,
      );
    },
  };
}

const place = ({ timestamp, requestId }: Pick<RequestLogRow, 'timestamp' | 'requestId'>): string =>
  `${timestamp}#${requestId}`;
