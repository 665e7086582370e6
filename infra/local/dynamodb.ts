/** DynamoDB on one machine: dynalite's store in this process, kept in LevelDB under one folder. */
import { once } from 'node:events';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { create as createStore } from 'dynalite/db/index.js';
import { type KeySchema, TABLES, type Table } from '../tables.ts';
import { createDynamoDbServer } from './dynamodb/server.ts';
import { listenOnLoopback } from './listen.ts';

export interface LocalDynamoDb {
  readonly endpoint: string;
  /** Answers what is under way, then closes the files. */
  close(): Promise<void>;
}

/** What every client of the emulator needs; it does not look at signatures. */
export const LOCAL_AWS = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** Throws a sentence naming `path` when another process has the folder open. */
export async function startDynamoDb({ path }: { readonly path: string }): Promise<LocalDynamoDb> {
  const store = createStore({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  try {
    await store.db.open();
  } catch (error) {
    throw new Error(openFailure(path, error), { cause: error });
  }
  const server = createDynamoDbServer(store);
  const endpoint = await listenOnLoopback(server);
  return {
    endpoint,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
      await store.db.close();
    },
  };
}

/** Creates the tables that are missing and returns once all can be used. */
export async function ensureTables(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
  try {
    await Promise.all(Object.values(TABLES).map((table) => ensureTable(client, table)));
  } finally {
    client.destroy();
  }
}

function openFailure(path: string, error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED')
    return `Another gateway is running on this folder: ${path}. Stop it first.`;
  return `The database folder ${path} cannot be opened. Check its permissions, or start with --fresh to forget what it holds.`;
}

async function ensureTable(client: DynamoDBClient, table: Table): Promise<void> {
  try {
    await client.send(new CreateTableCommand(toCreateTable(table)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 },
    { TableName: table.name },
  );
}

function toCreateTable({ name, key, indexes }: Table): CreateTableCommandInput {
  const attributes = [key, ...Object.values(indexes)].flatMap((schema) => Object.values(schema));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: toKeySchema(key),
    ...(Object.keys(indexes).length > 0 && { GlobalSecondaryIndexes: toIndexes(indexes) }),
  };
}

const toIndexes = (indexes: Table['indexes']): CreateTableCommandInput['GlobalSecondaryIndexes'] =>
  Object.entries(indexes).map(([IndexName, schema]) => ({
    IndexName,
    KeySchema: toKeySchema(schema),
    Projection: { ProjectionType: 'ALL' },
  }));

function toKeySchema({ partitionKey, sortKey }: KeySchema): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}
