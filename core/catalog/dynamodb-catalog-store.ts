import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PRICE_DIGITS, type Product, priceRange, productSchema } from '../contract/product.ts';
import type { CatalogStore, ProductDraft } from './catalog-store.ts';

/** DynamoDB's own bounds on one request. */
const MAX_READS = 100;
const MAX_WRITES = 25;
const CONCURRENT_BATCHES = 8;
/** Of a batch whose rest comes back unprocessed; the waits double up to 3.2 s. */
const MAX_ATTEMPTS = 8;
const FIRST_WAIT_MS = 50;

type Item = Readonly<Record<string, unknown>>;
type WriteRequest = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

export interface DynamoDbCatalogStoreOptions {
  /** Marshals with `removeUndefinedValues`. */
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}

/**
 * Item `PRODUCT#{id} / METADATA`: the product, its version beside it. GSI1 by category and lowest
 * price (`CATEGORY#{path} / PRICE#{12 digits}`), padded so that string order is price order.
 */
export function createDynamoDbCatalogStore({
  documents,
  tableName,
}: DynamoDbCatalogStoreOptions): CatalogStore {
  const readBatch = async (keys: readonly Item[], products: Map<string, Product>) => {
    await untilProcessed(keys, async (pending) => {
      const { Responses = {}, UnprocessedKeys = {} } = await documents.send(
        new BatchGetCommand({
          RequestItems: { [tableName]: { Keys: [...pending], ConsistentRead: true } },
        }),
      );
      for (const item of Responses[tableName] ?? []) {
        const product = fromItem(item);
        products.set(product.id, product);
      }
      return UnprocessedKeys[tableName]?.Keys ?? [];
    });
  };

  const writeBatch = (items: readonly Item[]) =>
    untilProcessed<WriteRequest>(
      items.map((item) => ({ PutRequest: { Item: item } })),
      async (pending) => {
        const { UnprocessedItems = {} } = await documents.send(
          new BatchWriteCommand({ RequestItems: { [tableName]: [...pending] } }),
        );
        return UnprocessedItems[tableName] ?? [];
      },
    );

  const getMany = async (ids: readonly string[]) => {
    const unique = [...new Set(ids)];
    const products = new Map<string, Product>();
    await inBatches(unique.map(keyOf), MAX_READS, (keys) => readBatch(keys, products));
    return unique.flatMap((id) => products.get(id) ?? []);
  };

  return {
    getMany,
    get: async (id) => (await getMany([id]))[0],
    async put(draft) {
      const { GSI1PK, GSI1SK } = indexKeysOf(draft);
      const { Attributes } = await documents.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(draft.id),
          UpdateExpression:
            'SET #product = :product, GSI1PK = :category, GSI1SK = :price ADD #version :one',
          ExpressionAttributeNames: { '#product': 'product', '#version': 'version' },
          ExpressionAttributeValues: {
            ':product': draft,
            ':category': GSI1PK,
            ':price': GSI1SK,
            ':one': 1,
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return fromItem(Attributes);
    },
    putAll: (products) => inBatches(products.map(toItem), MAX_WRITES, writeBatch),
    async *listAll() {
      const pages = paginateScan(
        { client: documents },
        {
          TableName: tableName,
          FilterExpression: 'SK = :metadata',
          ExpressionAttributeValues: { ':metadata': 'METADATA' },
        },
      );
      for await (const { Items = [] } of pages) yield* Items.map(fromItem);
    },
  };
}

const keyOf = (id: string) => ({ PK: `PRODUCT#${id}`, SK: 'METADATA' });

function indexKeysOf(product: ProductDraft) {
  const { amount } = priceRange(product).min;
  return {
    GSI1PK: `CATEGORY#${product.category}`,
    GSI1SK: `PRICE#${String(amount).padStart(PRICE_DIGITS, '0')}`,
  };
}

const toItem = ({ version, ...product }: Product): Item => ({
  ...keyOf(product.id),
  ...indexKeysOf(product),
  product,
  version,
});

const itemSchema = z.object({ product: z.looseObject({}), version: z.int() });

function fromItem(item: unknown): Product {
  const { product, version } = itemSchema.parse(item);
  return productSchema.parse({ ...product, version });
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  run: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
  const work = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await run(batch);
  };
  await Promise.all(Array.from({ length: CONCURRENT_BATCHES }, work));
}

/** DynamoDB may answer a batch in part; the rest is sent again after a random wait. */
async function untilProcessed<T>(
  batch: readonly T[],
  send: (pending: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let pending = batch;
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === MAX_ATTEMPTS) {
      throw new Error("The products table's capacity is used up; part of a batch was left undone.");
    }
    if (attempt > 0) await delay(Math.random() * FIRST_WAIT_MS * 2 ** (attempt - 1));
    pending = await send(pending);
  }
}
