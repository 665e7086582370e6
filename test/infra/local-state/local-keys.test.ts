import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyId } from '../../../core/contract/api-key.ts';
import { createDynamoDbKeyStore } from '../../../core/identity/dynamodb-key-store.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../../infra/local/dynamodb.ts';
import { ensureKeys } from '../../../infra/local/local-keys.ts';
import { TABLES } from '../../../infra/tables.ts';

const cleanUps: (() => Promise<void>)[] = [];
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  const path = await mkdtemp(join(tmpdir(), 'local-keys-'));
  const dynamodb = await startDynamoDb({ path });
  await ensureTables(dynamodb.endpoint);
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  documents = DynamoDBDocumentClient.from(client);
  cleanUps.push(async () => {
    client.destroy();
    await dynamodb.close();
    await rm(path, { recursive: true });
  });
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

const secrets = { keyPepper: 'pepper' };

describe('the keys of a local gateway', () => {
  it('stay the same from start to start', async () => {
    const first = await ensureKeys(documents, secrets);
    expect(await ensureKeys(documents, { ...secrets, ...first })).toEqual(first);
  });

  it('are made anew when an operator has ended one: nobody is locked out', async () => {
    const first = await ensureKeys(documents, secrets);
    const store = createDynamoDbKeyStore({ documents, tableName: TABLES.keys.name });
    const id = apiKeyId(String(first.adminKey));
    const stored = id && (await store.findById(id));
    if (!stored) throw new Error('The key is not stored.');
    await store.replace({ ...stored, revokedAt: 1, policyVersion: stored.policyVersion + 1 });
    const second = await ensureKeys(documents, { ...secrets, ...first });
    expect(second.apiKey).toBe(first.apiKey);
    expect(second.adminKey).not.toBe(first.adminKey);
  });
});
