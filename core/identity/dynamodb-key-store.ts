import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import { type KeyStore, storedKeySchema } from './key-store.ts';

export interface DynamoDbKeyStoreOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Item `KEY#{digest} / KEY`; by key id through GSI1 `KEYID#{keyId} / KEY`. */
export function createDynamoDbKeyStore({
  documents,
  tableName,
}: DynamoDbKeyStoreOptions): KeyStore {
  return {
    async findByDigest(digest) {
      const { Item } = await documents.send(
        new GetCommand({
          TableName: tableName,
          Key: { PK: `KEY#${digest}`, SK: 'KEY' },
          ConsistentRead: true,
        }),
      );
      return Item && storedKeySchema.parse(Item);
    },
    async create(key) {
      await documents.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            PK: `KEY#${key.digest}`,
            SK: 'KEY',
            GSI1PK: `KEYID#${key.keyId}`,
            GSI1SK: 'KEY',
            ...key,
          },
          ConditionExpression: 'attribute_not_exists(PK)',
        }),
      );
    },
    async *list() {
      const pages = paginateScan({ client: documents }, { TableName: tableName });
      for await (const { Items = [] } of pages) {
        yield* Items.map((item) => storedKeySchema.parse(item));
      }
    },
  };
}
