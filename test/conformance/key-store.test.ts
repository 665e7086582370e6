import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach } from 'vitest';
import { createDynamoDbKeyStore } from '../../core/identity/dynamodb-key-store.ts';
import { createDynamoDbTenantStore } from '../../core/identity/dynamodb-tenant-store.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';
import {
  createInMemoryKeyStore,
  createInMemoryTenantStore,
} from '../support/in-memory-key-store.ts';
import { describeKeyStore, describeTenantStore } from './key-store.suite.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describeKeyStore('in memory', async () => createInMemoryKeyStore());
describeKeyStore('DynamoDB', async () => createDynamoDbKeyStore(await openTable()));

describeTenantStore('in memory', async () => createInMemoryTenantStore());
describeTenantStore('DynamoDB', async () => createDynamoDbTenantStore(await openTable()));

async function openTable() {
  const path = await mkdtemp(join(tmpdir(), 'key-store-'));
  const dynamodb = await startDynamoDb({ path });
  await ensureTables(dynamodb.endpoint);
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  cleanUps.push(async () => {
    client.destroy();
    await dynamodb.close();
    await rm(path, { recursive: true });
  });
  const marshallOptions = { removeUndefinedValues: true };
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions });
  return { documents, tableName: TABLES.keys.name };
}
