import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ensureTables,
  LOCAL_AWS,
  type LocalDynamoDb,
  startDynamoDb,
} from '../../../infra/local/dynamodb.ts';
import { TABLES } from '../../../infra/tables.ts';

const LOGS = TABLES.requestLogs.name;
const USAGE = TABLES.usage.name;

type Items = TransactWriteCommandInput['TransactItems'];

describe('transactions on the local DynamoDB', () => {
  let path: string;
  let dynamoDb: LocalDynamoDb;
  let documents: DynamoDBDocumentClient;
  /** A partition of its own for every test. */
  let PK = 'test-0';
  let tests = 0;

  const connect = async () => {
    dynamoDb = await startDynamoDb({ path });
    await ensureTables(dynamoDb.endpoint);
    const client = new DynamoDBClient({ endpoint: dynamoDb.endpoint, ...LOCAL_AWS });
    documents = DynamoDBDocumentClient.from(client);
  };
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'transactions-'));
    await connect();
  });
  beforeEach(() => {
    tests += 1;
    PK = `test-${tests}`;
  });
  afterAll(async () => {
    documents.destroy();
    await dynamoDb.close();
    await rm(path, { recursive: true });
  });

  const write = (TransactItems: Items) =>
    documents.send(new TransactWriteCommand({ TransactItems }));
  const item = async (TableName: string, SK: string) => {
    const Key = { PK, SK };
    return (await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
  };
  const put = (TableName: string, SK: string, more = {}) => ({
    Put: { TableName, Item: { PK, SK, ...more } },
  });
  const isNew = { ConditionExpression: 'attribute_not_exists(PK)' };
  const add = (SK: string, amount: number) => ({
    TableName: USAGE,
    Key: { PK, SK },
    UpdateExpression: 'ADD #count :amount',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':amount': amount },
  });

  it('does every kind of write, over tables', async () => {
    await write([put(LOGS, 'old'), put(LOGS, 'checked')]);
    await write([
      put(LOGS, 'new', { nested: { list: [1, 'two'] } }),
      { Update: add('counter', 5) },
      { Delete: { TableName: LOGS, Key: { PK, SK: 'old' } } },
      {
        ConditionCheck: {
          TableName: LOGS,
          Key: { PK, SK: 'checked' },
          ConditionExpression: 'attribute_exists(PK)',
        },
      },
    ]);
    expect([
      await item(LOGS, 'new'),
      await item(USAGE, 'counter'),
      await item(LOGS, 'old'),
      await item(LOGS, 'checked'),
    ]).toEqual([
      { PK, SK: 'new', nested: { list: [1, 'two'] } },
      { PK, SK: 'counter', count: 5 },
      undefined,
      { PK, SK: 'checked' },
    ]);
  });

  it('does nothing when one condition fails, and says which', async () => {
    await write([put(LOGS, 'row')]);
    const transaction = write([
      { Update: add('counter', 5) },
      { Put: { TableName: LOGS, Item: { PK, SK: 'row' }, ...isNew } },
    ]);
    await expect(transaction).rejects.toThrow(TransactionCanceledException);
    await expect(transaction).rejects.toMatchObject({
      message: expect.stringContaining('[None, ConditionalCheckFailed]'),
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect(await item(USAGE, 'counter')).toBeUndefined();
  });

  it('changes nothing by a check, whether it holds or not', async () => {
    await write([put(LOGS, 'row')]);
    const check = (ConditionExpression: string) =>
      write([
        put(LOGS, 'other'),
        { ConditionCheck: { TableName: LOGS, Key: { PK, SK: 'row' }, ConditionExpression } },
      ]);
    await check('attribute_exists(PK)');
    await expect(check('attribute_not_exists(PK)')).rejects.toThrow(TransactionCanceledException);
    expect(await item(LOGS, 'row')).toEqual({ PK, SK: 'row' });
  });

  it('says ValidationError of an item whose update cannot be done', async () => {
    await write([put(USAGE, 'counter', { count: 'text' })]);
    await expect(write([put(LOGS, 'row'), { Update: add('counter', 1) }])).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await item(LOGS, 'row')).toBeUndefined();
  });

  it.each<[string, () => Items]>([
    ['two writes of one item', () => [put(LOGS, 'row'), put(LOGS, 'row')]],
    ['an item without its key', () => [{ Put: { TableName: LOGS, Item: { PK } } }]],
    [
      'an expression that cannot be read',
      () => [{ Put: { TableName: LOGS, Item: { PK, SK: 'row' }, ConditionExpression: 'no(' } }],
    ],
  ])('refuses %s altogether', async (_, items) => {
    await expect(write([put(LOGS, 'good'), ...(items() ?? [])])).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(await item(LOGS, 'good')).toBeUndefined();
  });

  it('refuses a table that is not there', async () => {
    await expect(write([put('gateway-nothing', 'row')])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps the indexes in step: an item leaves one when it loses its attributes', async () => {
    const open = { GSI4PK: PK, GSI4SK: 'a', GSI2PK: PK, GSI2SK: 'a' };
    const listed = async (index: 'GSI2' | 'GSI4') => {
      const query = new QueryCommand({
        TableName: LOGS,
        IndexName: index,
        KeyConditionExpression: `${index}PK = :pk`,
        ExpressionAttributeValues: { ':pk': PK },
      });
      return (await documents.send(query)).Count;
    };
    await write([put(LOGS, 'row', open)]);
    expect([await listed('GSI2'), await listed('GSI4')]).toEqual([1, 1]);
    await write([put(LOGS, 'row', { GSI2PK: PK, GSI2SK: 'b' })]);
    expect([await listed('GSI2'), await listed('GSI4')]).toEqual([1, 0]);
  });

  it('adds up exactly: 1,000 transactions and 500 plain updates on one counter at once', async () => {
    const transactions = Array.from({ length: 1_000 }, (_, n) =>
      write([put(LOGS, `row-${n}`), { Update: add('counter', n) }]),
    );
    const updates = Array.from({ length: 500 }, () =>
      documents.send(new UpdateCommand(add('counter', 1))),
    );
    await Promise.all([...transactions, ...updates]);
    expect(await item(USAGE, 'counter')).toMatchObject({ count: (999 * 1_000) / 2 + 500 });
  });

  it('lets one of many rivals win, beside plain writes, and counts it once', async () => {
    const rivals = await Promise.allSettled([
      ...Array.from({ length: 50 }, (_, n) =>
        write([
          { Put: { TableName: LOGS, Item: { PK, SK: 'row', by: n }, ...isNew } },
          { Update: add('counter', 1) },
        ]),
      ),
      ...Array.from({ length: 50 }, () =>
        documents.send(new PutCommand({ TableName: LOGS, Item: { PK, SK: 'row' }, ...isNew })),
      ),
    ]);
    const [transactions, puts] = [rivals.slice(0, 50), rivals.slice(50)].map(
      (group) => group.filter(({ status }) => status === 'fulfilled').length,
    );
    expect(Number(transactions) + Number(puts)).toBe(1);
    expect((await item(USAGE, 'counter'))?.count ?? 0).toBe(transactions);
  });

  it('cannot wait for each other in a circle', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const turned = (n: number) => [...names.slice(n % 4), ...names.slice(0, n % 4)];
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        write(turned(n).map((name) => ({ Update: add(name, 1) }))),
      ),
    );
    expect(await Promise.all(names.map((name) => item(USAGE, name)))).toMatchObject(
      names.map(() => ({ count: 100 })),
    );
  });

  it('is kept over a restart', async () => {
    await write([put(LOGS, 'row'), { Update: add('counter', 3) }]);
    documents.destroy();
    await dynamoDb.close();
    await connect();
    expect([await item(LOGS, 'row'), await item(USAGE, 'counter')]).toMatchObject([
      { SK: 'row' },
      { count: 3 },
    ]);
  });
});
