import { afterEach, expect, it } from 'vitest';
import type { DynamoDbRequestLogOptions } from '../../core/ledger/dynamodb-request-log.ts';
import { closedAt, FIRST_ARRIVAL, idAt } from '../support/a-row.ts';
import { connectLedger, startLedgerTables } from '../support/dynamodb-ledger.ts';
import { createInMemoryRequestLog } from '../support/in-memory-request-log.ts';
import { describeRequestLog } from './request-log.suite.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function createInDynamoDb(options: Partial<DynamoDbRequestLogOptions> = {}) {
  const tables = await startLedgerTables();
  const ledger = connectLedger(tables.endpoint, options);
  cleanUps.push(async () => {
    ledger.destroy();
    await tables[Symbol.asyncDispose]();
  });
  return ledger;
}

describeRequestLog('in memory', async () => {
  const log = createInMemoryRequestLog();
  return { log, counters: log.counters };
});

describeRequestLog('DynamoDB', () => createInDynamoDb());

it('DynamoDB: shows no row that has passed its time, though it may be there for days', async () => {
  let now = FIRST_ARRIVAL;
  const { log, counters } = await createInDynamoDb({ now: () => now });
  await log.record(closedAt(0));
  now += 90 * 86_400_000 - 1_000;
  expect([await log.find(idAt(0)), await log.list({ limit: 9 })]).toEqual([
    closedAt(0),
    [closedAt(0)],
  ]);
  now += 1_000;
  expect([await log.find(idAt(0)), await log.list({ limit: 9 })]).toEqual([undefined, []]);
  expect(
    await counters.groupBy({ groupBy: 'tenant', from: '2026-03-01', to: '2026-03-01' }),
  ).toMatchObject([{ requests: 1 }]);
});
