import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { createDynamoDbRequestLog } from '../../core/ledger/dynamodb-request-log.ts';
import { finalRow } from '../../core/ledger/row.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { createInMemoryRequestLog } from '../support/in-memory-request-log.ts';
import { describeRequestLog } from './request-log.suite.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describeRequestLog('in memory', async () => createInMemoryRequestLog());

describeRequestLog('DynamoDB', () => createLog());

it('DynamoDB: shows no row that has passed its time, though it may be there for days', async () => {
  const day = 86_400_000;
  let now = Date.parse('2026-03-02T12:00:00.000Z');
  const log = await createLog(() => now);
  const row = finalRow(
    {
      requestId: '01a205c8-be38-70a7-9ff1-000000000001',
      principal: PRINCIPAL,
      endpoint: '/v1/chat/completions',
      model: 'smart',
      stream: false,
      cache: 'MISS',
      receivedAt: now,
    },
    { outcome: 'success', httpStatus: 200, attempts: [] },
    now,
  );
  await log.record(row);
  now += 90 * day - 1_000;
  expect([await log.find(row.requestId), await log.list({ limit: 9 })]).toEqual([row, [row]]);
  now += 1_000;
  expect([await log.find(row.requestId), await log.list({ limit: 9 })]).toEqual([undefined, []]);
});

async function createLog(now = () => Date.parse('2026-03-02T12:00:00.000Z')) {
  const path = await mkdtemp(join(tmpdir(), 'request-log-'));
  const dynamodb = await startDynamoDb({ path });
  await ensureTables(dynamodb.endpoint);
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  cleanUps.push(async () => {
    client.destroy();
    await dynamodb.close();
    await rm(path, { recursive: true });
  });
  return createDynamoDbRequestLog({
    documents: DynamoDBDocumentClient.from(client),
    tableName: TABLES.requestLogs.name,
    ttlDays: 90,
    now,
  });
}
