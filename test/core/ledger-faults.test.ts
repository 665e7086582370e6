/** The real adapters, their real second place, over an embedded DynamoDB that is reached with accidents. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileRowSpool } from '../../core/ledger/file-row-spool.ts';
import { openRequest } from '../../core/ledger/open-request.ts';
import type { FinalRow, RequestLogRow } from '../../core/ledger/request-log.ts';
import { replayRow } from '../../core/ledger/row-spool.ts';
import { createSpoolingRequestLog } from '../../core/ledger/spooling-request-log.ts';
import { sweepOpenRows } from '../../core/ledger/sweep-open-rows.ts';
import { closedAt, costing, factsAt, idAt, openAt } from '../support/a-row.ts';
import { auditLedger } from '../support/audit-ledger.ts';
import { connectLedger, startLedgerTables } from '../support/dynamodb-ledger.ts';
import { type Accident, startFaultyDynamoDb } from '../support/faulty-dynamodb.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const folders: string[] = [];
let spoolPath: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  folders.push(folder);
  spoolPath = join(folder, 'rows.jsonl');
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** What a core process has; two of them are a core before and after its restart. */
function startProcess(endpoint: string, timeoutMs: number) {
  const ledger = connectLedger(endpoint, { timeoutMs });
  const spool = createFileRowSpool({ path: spoolPath, onUnreadable: () => {} });
  const late: FinalRow[] = [];
  const onClosed = async (row: FinalRow) => void late.push(row);
  const log = createSpoolingRequestLog({
    log: ledger.log,
    spool,
    onSpooled: () => {},
    onLost: () => {},
  });
  return {
    ...ledger,
    log,
    table: ledger.log,
    late,
    async tend(deadline: number) {
      await spool.replay((row) => replayRow(row, { log: ledger.log, onClosed }));
      await sweepOpenRows(deadline, { log: ledger.log, onClosed, onFailure: () => {} });
    },
  };
}

/** No row of these tests has a later deadline. */
const END = factsAt(10_000).deadline;

describe('the request log over a DynamoDB that fails', () => {
  it('ends with one final row for each request, and with counters that are their sum', async () => {
    const REQUESTS = 240;
    const random = createSeededRandom(4);
    const accidents: readonly Accident[] = [
      'cut',
      'lost',
      'lost',
      'refused',
      'conflict',
      'conflict',
      'hang',
    ];
    let isHealed = false;
    await using tables = await startLedgerTables();
    await using way = await startFaultyDynamoDb(tables.endpoint, () =>
      !isHealed && random.chance(0.2) ? random.pick(accidents) : undefined,
    );
    let process = startProcess(way.endpoint, 250);
    const accepted: string[] = [];
    const ask = async (n: number) => {
      const { log } = process;
      if (random.chance(0.15)) {
        accepted.push(idAt(n));
        return log.record({ ...closedAt(n), cache: 'HIT' });
      }
      const row = openRequest(factsAt(n), { log, now: () => factsAt(n).deadline });
      await row.durable;
      accepted.push(idAt(n));
      if (random.chance(0.1)) return;
      const ends = Array.from({ length: random.chance(0.1) ? 2 : 1 }, () =>
        row.close(settlement(random.integer(0, 5_000))),
      );
      await Promise.all(ends);
    };
    for (let n = 0; n < REQUESTS; n += 40) {
      await Promise.all(Array.from({ length: 40 }, (_, index) => ask(n + index)));
      // Those of the first half are overdue by and by; the second half is still under way.
      await process.tend(factsAt(n / 2).deadline).catch(() => {});
      process.destroy();
      process = startProcess(way.endpoint, 250);
    }
    isHealed = true;
    process.destroy();
    process = startProcess(way.endpoint, 30_000);
    await process.tend(END);
    const rows = await process.log.list({ limit: REQUESTS * 2 });
    const finals = await auditLedger({
      rows,
      counters: process.counters,
      accepted,
      asked: Array.from({ length: REQUESTS }, (_, n) => idAt(n)),
    });
    process.destroy();
    expect(finals).toHaveLength(REQUESTS);
    expect(finals.filter(({ outcome }) => outcome === 'abandoned').length).toBeGreaterThan(10);
  }, 120_000);

  it('keeps an answer waiting no longer than its limit when DynamoDB hangs, and has the row later', async () => {
    let isHealed = false;
    await using tables = await startLedgerTables();
    await using way = await startFaultyDynamoDb(tables.endpoint, () =>
      isHealed ? undefined : 'hang',
    );
    const process = startProcess(way.endpoint, 200);
    const startedAt = performance.now();
    await process.log.open(openAt(1));
    const row = closedAt(1, costing(70));
    expect(await process.log.close(row)).toEqual(row);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await readFile(spoolPath, 'utf8')).trim().split('\n')).toHaveLength(2);
    isHealed = true;
    await process.tend(0);
    expect(await process.table.find(idAt(1))).toEqual(row);
    expect(process.late).toEqual([row]);
    process.destroy();
  });

  it('tries again when a transaction meets another one, and counts the row once', async () => {
    let conflicts = 3;
    await using tables = await startLedgerTables();
    await using way = await startFaultyDynamoDb(tables.endpoint, (operation) => {
      if (operation !== 'TransactWriteItems' || conflicts === 0) return undefined;
      conflicts -= 1;
      return 'conflict';
    });
    const { table, counters, destroy } = startProcess(way.endpoint, 30_000);
    await table.close(closedAt(1, costing(70)));
    await auditLedger({
      rows: await table.list({ limit: 9 }),
      counters,
      accepted: [idAt(1)],
      asked: [idAt(1)],
    });
    destroy();
  });

  it('stops trying in the end', async () => {
    await using tables = await startLedgerTables();
    await using way = await startFaultyDynamoDb(tables.endpoint, (operation) =>
      operation === 'TransactWriteItems' ? 'conflict' : undefined,
    );
    const { table, destroy } = startProcess(way.endpoint, 30_000);
    await expect(table.record(closedAt(1))).rejects.toThrow('TransactionConflict');
    expect(way.operations.filter((operation) => operation === 'TransactWriteItems')).toHaveLength(
      9,
    );
    destroy();
  });

  it('tells of a row that neither place takes', async () => {
    await using tables = await startLedgerTables();
    await using way = await startFaultyDynamoDb(tables.endpoint, () => 'refused');
    const process = startProcess(way.endpoint, 5_000);
    const lost: RequestLogRow[] = [];
    const log = createSpoolingRequestLog({
      log: process.table,
      spool: createFileRowSpool({ path: join(spoolPath, 'no/folder'), onUnreadable: () => {} }),
      onSpooled: () => {},
      onLost: (row) => lost.push(row),
    });
    await log.open(openAt(1));
    await log.close(closedAt(1));
    expect(lost).toEqual([openAt(1), closedAt(1)]);
    process.destroy();
  });
});

const settlement = (amount: number) => ({
  ...costing(amount),
  outcome: 'success' as const,
  httpStatus: 200,
  attempts: [],
});
