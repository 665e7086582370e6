import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Holding, holdingSchema, type IdempotencyStore } from './idempotency-store.ts';

export interface DynamoDbIdempotencyStoreOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A request waits for its key: it had better be refused than hang. */
const TIMEOUT_MS = 5_000;

/** Item `IDEMPOTENCY#{tenantId}#{keyId}#{digest} / ANSWER`. */
export function createDynamoDbIdempotencyStore({
  documents,
  tableName: TableName,
  now,
}: DynamoDbIdempotencyStoreOptions): IdempotencyStore {
  const withinTime = () => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });

  const put = (name: string, holding: Holding, condition: Condition) =>
    documents.send(
      new PutCommand({
        TableName,
        Item: { ...keyOf(name), ...holding, ttl: Math.ceil(holding.expiresAt / 1000) },
        ...condition,
      }),
      withinTime(),
    );

  const find = async (name: string): Promise<Holding | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName, Key: keyOf(name), ConsistentRead: true }),
      withinTime(),
    );
    const holding = Item && holdingSchema.parse(Item);
    return holding && holding.expiresAt > now() ? holding : undefined;
  };

  return {
    async claim(name, holding) {
      for (;;) {
        if (await isMet(put(name, holding, isFree(now())))) return 'claimed';
        const held = await find(name);
        // A first try whose answer was lost has made the item.
        if (held?.requestId === holding.requestId) return 'claimed';
        if (held) return held;
      }
    },
    async keep(name, holding) {
      await put(name, holding, isHeldBy(holding.requestId));
    },
    async free(name, requestId) {
      const key = { TableName, Key: keyOf(name), ...isHeldBy(requestId) };
      await isMet(documents.send(new DeleteCommand(key), withinTime()));
    },
  };
}

const keyOf = (name: string) => ({ PK: `IDEMPOTENCY#${name}`, SK: 'ANSWER' });

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Record<string, string | number>;
}

/** An item that has expired stays for days. */
const isFree = (now: number): Condition => ({
  ConditionExpression: 'attribute_not_exists(PK) OR expiresAt <= :now',
  ExpressionAttributeValues: { ':now': now },
});

const isHeldBy = (requestId: string): Condition => ({
  ConditionExpression: 'requestId = :requestId',
  ExpressionAttributeValues: { ':requestId': requestId },
});

async function isMet(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
