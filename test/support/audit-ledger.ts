/** Whether a request log and its counters tell the same story, and the whole of it. */
import { expect } from 'vitest';
import type { FinalRow, RequestLogRow } from '../../core/ledger/request-log.ts';
import type { UsageCounters } from '../../core/ledger/usage-counters.ts';

export interface Books {
  readonly rows: readonly RequestLogRow[];
  readonly counters: UsageCounters;
  /** Those of whose answers a byte could leave. */
  readonly accepted: Iterable<string>;
  /** All that were ever asked. */
  readonly asked: Iterable<string>;
}

const ALWAYS = { from: '2026-01-01', to: '2026-12-31' };

/** Throws unless every accepted request has one final row, nobody else has any, and the counters are their sum. */
export async function auditLedger(books: Books): Promise<readonly FinalRow[]> {
  const { rows, counters } = books;
  const finals = rows.filter((row): row is FinalRow => row.outcome !== 'open');
  const ids = new Set(finals.map(({ requestId }) => requestId));
  expect(finals.length, 'open rows are left').toBe(rows.length);
  expect(ids.size, 'a request has two rows').toBe(finals.length);
  expect([...books.accepted].filter((id) => !ids.has(id))).toEqual([]);
  const asked = new Set(books.asked);
  expect([...ids].filter((id) => !asked.has(id))).toEqual([]);
  const [counted] = await counters.groupBy({ groupBy: 'tenant', ...ALWAYS });
  const sum = (amount: (row: FinalRow) => number) =>
    finals.reduce((total, row) => total + amount(row), 0);
  expect(counted).toMatchObject({
    requests: finals.length,
    costMicroUsd: sum(({ costMicroUsd }) => costMicroUsd),
    inputTokens: sum(({ promptTokens = 0 }) => promptTokens),
    outputTokens: sum(({ completionTokens = 0 }) => completionTokens),
    cacheHits: sum(({ cache }) => Number(cache === 'HIT')),
    errors: sum(({ success }) => Number(!success)),
  });
  expect(await counters.spent({ tenantId: 'shop', ...ALWAYS })).toBe(counted?.costMicroUsd);
  return finals;
}
