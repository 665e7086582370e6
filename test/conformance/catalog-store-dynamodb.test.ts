import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { createDynamoDbCatalogStore } from '../../core/catalog/dynamodb-catalog-store.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';
import { aProduct, aVariant } from '../support/a-product.ts';
import { describeCatalogStore } from './catalog-store.suite.ts';

const tableName = TABLES.products.name;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openTable(): Promise<DynamoDBDocumentClient> {
  const path = await mkdtemp(join(tmpdir(), 'catalog-store-'));
  cleanups.push(() => rm(path, { recursive: true }));
  const { endpoint, close } = await startDynamoDb({ path });
  cleanups.push(close);
  await ensureTables(endpoint);
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
  cleanups.push(async () => client.destroy());
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

describeCatalogStore('the DynamoDB catalogue store', async () =>
  createDynamoDbCatalogStore({ documents: await openTable(), tableName }),
);

describe('the items of the DynamoDB catalogue store', () => {
  it('are found by category and lowest price, padded so that string order is price order', async () => {
    const documents = await openTable();
    const store = createDynamoDbCatalogStore({ documents, tableName });
    const variants = [24999, 4995].map((amount, index) =>
      aVariant({ id: `v${index}`, price: { amount, currency: 'USD' } }),
    );
    const { id } = await store.put(aProduct({ variants }));
    const Key = { PK: `PRODUCT#${id}`, SK: 'METADATA' };
    const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key }));
    expect(Item).toMatchObject({
      ...Key,
      GSI1PK: 'CATEGORY#Electronics > Headphones',
      GSI1SK: 'PRICE#000000004995',
    });
  });

  it('are sent again where DynamoDB leaves part of a batch unprocessed', async () => {
    const documents = await openTable();
    const store = createDynamoDbCatalogStore({ documents, tableName });
    const products = Array.from({ length: 20 }, (_, index) => aProduct({ id: `p${index}` }));
    const writes = leaveHalfUndone(documents, 'UnprocessedItems');
    await store.putAll(products);
    expect(writes).toEqual([20, 10]);
    const reads = leaveHalfUndone(documents, 'UnprocessedKeys');
    expect(await store.getMany(products.map(({ id }) => id))).toEqual(products);
    expect(reads).toEqual([20, 10]);
  });
});

type Batch = readonly unknown[] | { readonly Keys: readonly unknown[] };

/** As a table at its limit answers: half of the first batch is handed back. Returns the sizes of the batches asked for. */
function leaveHalfUndone(
  documents: DynamoDBDocumentClient,
  unprocessed: 'UnprocessedItems' | 'UnprocessedKeys',
): readonly number[] {
  const sizes: number[] = [];
  documents.middlewareStack.add(
    (next) => async (args) => {
      const batch = (args.input as { RequestItems: Record<string, Batch> }).RequestItems[tableName];
      const items = batch && 'Keys' in batch ? batch.Keys : (batch ?? []);
      const done = items.slice(0, sizes.push(items.length) === 1 ? items.length / 2 : undefined);
      const part = (some: readonly unknown[]) => ({
        [tableName]: batch && 'Keys' in batch ? { ...batch, Keys: some } : some,
      });
      const result = await next({ ...args, input: { RequestItems: part(done) } as never });
      const rest = items.slice(done.length);
      Object.assign(result.output, { [unprocessed]: rest.length > 0 ? part(rest) : {} });
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'leaveHalfUndone', override: true },
  );
  return sizes;
}
