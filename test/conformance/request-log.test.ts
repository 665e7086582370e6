import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach } from 'vitest';
import { createDynamoDbRequestLog } from '../../core/ledger/dynamodb-request-log.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';
import { createInMemoryRequestLog } from '../support/in-memory-request-log.ts';
import { describeRequestLog } from './request-log.suite.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describeRequestLog('in memory', async () => createInMemoryRequestLog());

describeRequestLog('DynamoDB', async () => {
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
  });
});
