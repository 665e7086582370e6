import { describe, expect, it } from 'vitest';
import { microUsd } from '../../../../core/contract/money.ts';
import type { FinalRow, OpenRow } from '../../../../core/ledger/request-log.ts';
import { abandonedRow } from '../../../../core/ledger/row.ts';
import { sweepOpenRows } from '../../../../core/ledger/sweep-open-rows.ts';
import { closedAt, factsAt, idAt, openAt } from '../../../support/a-row.ts';
import { createInMemoryRequestLog } from '../../../support/in-memory-request-log.ts';

const bound = { inputBoundMicroUsd: microUsd(40) };

async function setUp() {
  const log = createInMemoryRequestLog();
  const closed: FinalRow[] = [];
  const failed: string[] = [];
  const sweep = (deadline: number, rows: Partial<typeof log> = {}) =>
    sweepOpenRows(deadline, {
      log: { ...log, ...rows },
      onClosed: async (row) => void closed.push(row),
      onFailure: ({ requestId }) => failed.push(requestId),
    });
  return { log, closed, failed, sweep };
}

describe('the sweep of open rows', () => {
  it('closes those that are overdue, counts them, and leaves the others open', async () => {
    const { log, closed, sweep } = await setUp();
    await Promise.all([1, 2, 3].map((n) => log.open(openAt(n, bound))));
    await sweep(factsAt(3).deadline);
    const abandoned = [1, 2].map((n) => abandonedRow(openAt(n, bound)));
    expect(log.rows()).toEqual([...abandoned, openAt(3, bound)]);
    expect(closed).toEqual(abandoned);
    const always = { from: '2026-01-01', to: '2026-12-31' };
    expect(await log.counters.spent({ tenantId: 'shop', ...always })).toBe(80);
  });

  it('changes nothing that its request has closed meanwhile, and tells of the row that is final', async () => {
    const { log, closed, sweep } = await setUp();
    await log.open(openAt(1));
    await log.close(closedAt(1));
    await sweep(factsAt(9).deadline, {
      async *listOverdue(): AsyncGenerator<readonly OpenRow[]> {
        yield [openAt(1)];
      },
    });
    expect(log.rows()).toEqual([closedAt(1)]);
    expect(closed).toEqual([closedAt(1)]);
  });

  it('goes on when one row cannot be closed, and closes it the next time', async () => {
    const { log, failed, sweep } = await setUp();
    await Promise.all([1, 2].map((n) => log.open(openAt(n))));
    await sweep(factsAt(9).deadline, {
      async close(row) {
        if (row.requestId === idAt(1)) throw new Error('not now');
        return log.close(row);
      },
    });
    expect(failed).toEqual([idAt(1)]);
    expect(log.rows().map(({ outcome }) => outcome)).toEqual(['open', 'abandoned']);
    await sweep(factsAt(9).deadline);
    expect(log.rows().map(({ outcome }) => outcome)).toEqual(['abandoned', 'abandoned']);
  });

  it('fails when the rows cannot be listed', async () => {
    const { sweep } = await setUp();
    const sweeping = sweep(0, {
      async *listOverdue(): AsyncGenerator<readonly OpenRow[]> {
        yield [];
        throw new Error('no index');
      },
    });
    await expect(sweeping).rejects.toThrow('no index');
  });
});
