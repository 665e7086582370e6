import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ensureTables,
  LOCAL_AWS,
  type LocalDynamoDb,
  startDynamoDb,
} from '../../../infra/local/dynamodb.ts';
import { TABLES } from '../../../infra/tables.ts';

const ITEM = { PK: 'REQUEST#1', SK: 'LOG', GSI1PK: 'USER#ann', GSI1SK: '2026-11-02' };
const TableName = TABLES.requestLogs.name;

describe('the local DynamoDB', () => {
  let path: string;
  let dynamoDb: LocalDynamoDb;
  let documents: DynamoDBDocumentClient;

  const start = async () => {
    dynamoDb = await startDynamoDb({ path });
    await ensureTables(dynamoDb.endpoint);
    const client = new DynamoDBClient({ endpoint: dynamoDb.endpoint, ...LOCAL_AWS });
    documents = DynamoDBDocumentClient.from(client);
  };
  const stop = () => dynamoDb.close();

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'gateway-')), 'new', 'dynamodb');
    await start();
  });
  afterEach(async () => {
    documents.destroy();
    await stop();
    await rm(join(path, '../..'), { recursive: true });
  });

  it('has every table, however often they are asked for', async () => {
    await Promise.all([ensureTables(dynamoDb.endpoint), ensureTables(dynamoDb.endpoint)]);
    const { TableNames } = await documents.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(
      Object.values(TABLES)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('keeps an item over a restart on the same folder', async () => {
    await documents.send(new PutCommand({ TableName, Item: ITEM }));
    await stop();
    await start();
    const Key = { PK: ITEM.PK, SK: ITEM.SK };
    expect((await documents.send(new GetCommand({ TableName, Key }))).Item).toEqual(ITEM);
  });

  it('refuses a conditional put on an item that is there', async () => {
    const ConditionExpression = 'attribute_not_exists(PK)';
    const put = new PutCommand({ TableName, Item: ITEM, ConditionExpression });
    await documents.send(put);
    await expect(documents.send(put)).rejects.toThrow(ConditionalCheckFailedException);
  });

  it.each(
    Object.values(TABLES).flatMap((table) =>
      Object.entries(table.indexes).map(([index, key]) => [table.name, index, key] as const),
    ),
  )('finds the items of %s through %s, in the order of its sort key', async (table, index, key) => {
    const items = ['b', 'a'].map((sort) => ({
      ...{ PK: `item-${sort}`, SK: 'LOG' },
      ...{ [key.partitionKey]: 'group', [key.sortKey]: sort },
    }));
    const puts = items.map((Item) => documents.send(new PutCommand({ TableName: table, Item })));
    await Promise.all(puts);
    const query = new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#key = :group',
      ExpressionAttributeNames: { '#key': key.partitionKey },
      ExpressionAttributeValues: { ':group': 'group' },
    });
    expect((await documents.send(query)).Items).toEqual(items.reverse());
  });

  it('says so when another gateway has the folder open', async () => {
    await expect(startDynamoDb({ path })).rejects.toThrow(
      `Another gateway is running on this folder: ${path}.`,
    );
  });

  it('answers others after a client left in the middle of its request', async () => {
    const { hostname, port } = new URL(dynamoDb.endpoint);
    const client = connect(Number(port), hostname);
    client.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 100\r\n\r\n{"Table');
    await once(client, 'ready');
    client.destroy();
    await once(client, 'close');
    await documents.send(new PutCommand({ TableName, Item: ITEM }));
  });

  it('closes while clients keep idle connections and requests are under way', async () => {
    await documents.send(new PutCommand({ TableName, Item: ITEM }));
    const put = documents.send(new PutCommand({ TableName, Item: { ...ITEM, SK: 'ATTEMPT#1' } }));
    await Promise.allSettled([put, stop()]);
    await start();
  });
});
