import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idAt } from '../../../support/a-row.ts';
import { auditLedger } from '../../../support/audit-ledger.ts';
import {
  createInMemoryRequestLog,
  type InMemoryRequestLog,
} from '../../../support/in-memory-request-log.ts';
import { type LedgerWorldOptions, runLedgerWorld } from '../../../support/ledger-world.ts';

/** Throws where the world was left with a wrong book. */
async function audit(options: LedgerWorldOptions) {
  const { rows, accepted, seen, left, counters } = await runLedgerWorld(options);
  const asked = Array.from({ length: options.requests }, (_, n) => idAt(n));
  const finals = await auditLedger({ rows, counters, accepted, asked });
  expect(left, 'rows are left in the second place').toBe(0);
  return { finals, accepted, seen };
}

describe('the request log under faults, double closes, kills, sweeps and replays', () => {
  it('has one final row for each of 10,000 accepted requests, and counters that are their sum', {
    timeout: 120_000,
  }, async () => {
    const { finals, accepted, seen } = await audit({ seed: 1, requests: 10_000 });
    expect(accepted.size).toBeGreaterThan(9_000);
    const ends = new Set(finals.map(({ outcome }) => outcome));
    expect([...ends].sort()).toEqual([
      'abandoned',
      'client_closed',
      'failed',
      'partial',
      'success',
    ]);
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(20);
  });

  it('has so for any seed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        await audit({ seed, requests: 200 });
      }),
      { numRuns: 25 },
    );
  });

  it.each<[string, (table: InMemoryRequestLog) => Partial<InMemoryRequestLog>]>([
    [
      'writes a row again under another id',
      (table) => ({
        async close(row) {
          const final = await table.close(row);
          if (final !== row) await table.record({ ...row, requestId: `${row.requestId}-again` });
          return final;
        },
      }),
    ],
    ['knows of no overdue rows', () => ({ listOverdue: async function* () {} })],
    ['acknowledges rows that it forgets', () => ({ open: async () => {} })],
  ])('would be caught with a table that %s', async (_, plant) => {
    const table = createInMemoryRequestLog();
    const world = { seed: 2, requests: 1_000, table: { ...table, ...plant(table) } };
    await expect(audit(world)).rejects.toThrow();
  });
});
