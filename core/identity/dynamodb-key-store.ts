import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keyIdSchema } from '../contract/principal.ts';
import { putIf } from './dynamodb-put-if.ts';
import { type KeyStore, type StoredKey, storedKeySchema } from './key-store.ts';

export interface DynamoDbKeyStoreOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}

const pointerSchema = z.object({ keyId: keyIdSchema });

/**
 * Item `KEY#{keyId} / KEY` is the key; GSI1 `KEYS / {tenantId}#{keyId}` lists them. Item `DIGEST#{digest} / KEY` points to
 * it and is only ever added: whether a digest counts is for the key to say, so that one write changes it.
 */
export function createDynamoDbKeyStore(options: DynamoDbKeyStoreOptions): KeyStore {
  const { documents, tableName } = options;
  const get = async (PK: string) => {
    const command = new GetCommand({
      TableName: tableName,
      Key: { PK, SK: 'KEY' },
      ConsistentRead: true,
    });
    return (await documents.send(command)).Item;
  };
  const findById: KeyStore['findById'] = async (keyId) => {
    const item = await get(`KEY#${keyId}`);
    return item && storedKeySchema.parse(item);
  };
  const point = ({ digest, keyId }: StoredKey) =>
    documents.send(
      new PutCommand({ TableName: tableName, Item: { PK: `DIGEST#${digest}`, SK: 'KEY', keyId } }),
    );
  return {
    findById,
    async findByDigest(digest) {
      const pointer = await get(`DIGEST#${digest}`);
      return pointer && findById(pointerSchema.parse(pointer).keyId);
    },
    async create(key) {
      await point(key);
      const isNew = await putIf(options, {
        Item: itemOf(key),
        condition: 'attribute_not_exists(PK)',
      });
      if (!isNew) throw new Error('There is a key with this id already.');
    },
    async replace(key) {
      await point(key);
      return putIf(options, {
        Item: itemOf(key),
        condition: 'policyVersion = :before',
        values: { ':before': key.policyVersion - 1 },
      });
    },
    async list({ tenantId, after, limit }) {
      const pages = paginateQuery(
        { client: documents, pageSize: limit, startingToken: after && placeOf(after) },
        {
          TableName: tableName,
          IndexName: 'GSI1',
          KeyConditionExpression: `GSI1PK = :keys${tenantId ? ' AND begins_with(GSI1SK, :tenant)' : ''}`,
          ExpressionAttributeValues: {
            ':keys': 'KEYS',
            ...(tenantId && { ':tenant': `${tenantId}#` }),
          },
        },
      );
      const keys: StoredKey[] = [];
      for await (const { Items = [] } of pages) {
        keys.push(...Items.map((item) => storedKeySchema.parse(item)));
        if (keys.length >= limit) break;
      }
      return keys.slice(0, limit);
    },
  };
}

const placeOf = ({ tenantId, keyId }: Pick<StoredKey, 'tenantId' | 'keyId'>) => ({
  PK: `KEY#${keyId}`,
  SK: 'KEY',
  GSI1PK: 'KEYS',
  GSI1SK: `${tenantId}#${keyId}`,
});

const itemOf = (key: StoredKey) => ({ ...placeOf(key), ...key });
