import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbFirstUse } from '../../core/state/dynamodb-first-use.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';

let documents: DynamoDBDocumentClient;
let close: () => Promise<void>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'first-use-'));
  const dynamodb = await startDynamoDb({ path: folder });
  await ensureTables(dynamodb.endpoint);
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  documents = DynamoDBDocumentClient.from(client);
  close = async () => {
    client.destroy();
    await dynamodb.close();
    await rm(folder, { recursive: true });
  };
});
afterAll(() => close());

const open = (storeId: string, newClaimId: () => string = randomUUID) =>
  createDynamoDbFirstUse({ documents, tableName: TABLES.keys.name, storeId, newClaimId });

it('a store is new to a tenant once, however many ask at the same time', async () => {
  const store = open('one');
  const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim('shop')));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await store.claim('shop')).toBe(false);
  expect(await store.claim('other')).toBe(true);
});

it('a store of another name is new to every tenant', async () => {
  expect(await open('one').claim('tenant')).toBe(true);
  expect(await open('two').claim('tenant')).toBe(true);
  expect(await open('two').claim('tenant')).toBe(false);
});

it('a claim that is sent again, because its answer was lost, is the same claim', async () => {
  const store = open('one', () => 'the-claim');
  expect([await store.claim('lost'), await store.claim('lost')]).toEqual([true, true]);
  expect(await open('one').claim('lost')).toBe(false);
});
