import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type RequestLog,
  type RequestLogQuery,
  type RequestLogRow,
  requestLogRowSchema,
} from './request-log.ts';

/** A day's rows are spread over so many partitions, since one carries 1,000 writes a second. */
const SHARDS = 10;
/** The partition that names the days which have rows, so that a list need not ask the others. */
const DAYS = 'DAYS';

export interface DynamoDbRequestLogOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly ttlDays: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * Item `REQUEST#{id} / LOG`, and `DAYS / {yyyy-mm-dd}` once a day. GSI1 by user (`USER#{userId}#{shard}`), GSI2 by day
 * (`DAY#{yyyy-mm-dd}#{shard}`), both sorted by `{timestamp}#{requestId}`.
 */
export function createDynamoDbRequestLog(options: DynamoDbRequestLogOptions): RequestLog {
  const { documents, tableName, now } = options;
  const markDay = createDayMarker(options);

  const put = async (row: RequestLogRow, condition: string) => {
    try {
      await documents.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...row, ...keysOf(row), ttl: ttlOf(row.timestamp, options.ttlDays) },
          ConditionExpression: condition,
          ...(condition.includes(':open') && { ExpressionAttributeValues: { ':open': 'open' } }),
        }),
      );
    } catch (error) {
      // The row is there already: written by an earlier try, or closed by the sweeper.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  const putNew = async (row: RequestLogRow) => {
    await Promise.all([put(row, 'attribute_not_exists(PK)'), markDay(dayOf(row))]);
  };

  return {
    open: putNew,
    record: putNew,
    close: (row) => put(row, 'attribute_not_exists(PK) OR outcome = :open'),
    async find(requestId) {
      const { Item } = await documents.send(
        new GetCommand({
          TableName: tableName,
          Key: { PK: `REQUEST#${requestId}`, SK: 'LOG' },
          ConsistentRead: true,
        }),
      );
      return Item && !isExpired(Item, now()) ? requestLogRowSchema.parse(Item) : undefined;
    },
    async list(query) {
      const { first, last } = boundsOf(query);
      // DynamoDB refuses a range whose end comes before its beginning.
      if (last < first) return [];
      const rows: RequestLogRow[] = [];
      for await (const partitions of partitionsOf(options, query)) {
        const shards = await Promise.all(
          partitions.map((partition) => readShard(options, partition, query)),
        );
        rows.push(...shards.flat().sort(newestFirst));
        if (rows.length >= query.limit) break;
      }
      return rows.slice(0, query.limit);
    },
  };
}

interface Partition {
  readonly index: 'GSI1' | 'GSI2';
  readonly key: string;
}

/** Remembers the day it wrote last, so that this costs one write a day and process. */
function createDayMarker({ documents, tableName, ttlDays }: DynamoDbRequestLogOptions) {
  let marked: string | undefined;
  return async (day: string) => {
    if (marked === day) return;
    const Item = { PK: DAYS, SK: day, ttl: ttlOf(day, ttlDays + 1) };
    await documents.send(new PutCommand({ TableName: tableName, Item }));
    marked = day;
  };
}

/** Groups of partitions, to be read one group after the other: all of a user's, or a day's at a time. */
async function* partitionsOf(
  options: DynamoDbRequestLogOptions,
  query: RequestLogQuery,
): AsyncGenerator<readonly Partition[]> {
  const { userId } = query;
  if (userId !== undefined) {
    yield shardsOf('GSI1', `USER#${userId}`);
    return;
  }
  for (const day of await readDays(options, query)) yield shardsOf('GSI2', `DAY#${day}`);
}

/** Newest first. */
async function readDays(
  { documents, tableName }: DynamoDbRequestLogOptions,
  query: RequestLogQuery,
): Promise<readonly string[]> {
  const { first, last } = boundsOf(query);
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'PK = :days AND SK BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':days': DAYS,
        ':first': first.slice(0, 10),
        ':last': last.slice(0, 10),
      },
      ScanIndexForward: false,
    }),
  );
  return Items.map(({ SK }) => String(SK));
}

const shardsOf = (index: Partition['index'], prefix: string): readonly Partition[] =>
  Array.from({ length: SHARDS }, (_, shard) => ({ index, key: `${prefix}#${shard}` }));

async function readShard(
  { documents, tableName, now }: DynamoDbRequestLogOptions,
  { index, key }: Partition,
  query: RequestLogQuery,
): Promise<readonly RequestLogRow[]> {
  const { first, last } = boundsOf(query);
  const rows: RequestLogRow[] = [];
  const pages = paginateQuery(
    { client: documents, pageSize: query.limit },
    {
      TableName: tableName,
      IndexName: index,
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': `${index}PK`, '#sk': `${index}SK` },
      ExpressionAttributeValues: {
        ':pk': key,
        ':from': first,
        ':to': last,
      },
      ScanIndexForward: false,
    },
  );
  for await (const { Items = [] } of pages) {
    const kept = Items.filter((item) => !isExpired(item, now()));
    const parsed = kept.map((item) => requestLogRowSchema.parse(item));
    rows.push(...parsed.filter((row) => matches(row, query)));
    if (rows.length >= query.limit) break;
  }
  return rows;
}

/**
 * The places of the first and the last row that may be listed. "~" sorts behind every character of a
 * timestamp and an id, "0" before all of them.
 */
function boundsOf({ before, from = '0', to = '' }: RequestLogQuery) {
  const last = before ? `${before.timestamp}#${before.requestId}` : '~';
  const end = `${to}~`;
  return { first: from, last: last < end ? last : end };
}

function matches(row: RequestLogRow, { before, keyId, success }: RequestLogQuery): boolean {
  if (row.requestId === before?.requestId) return false;
  if (keyId !== undefined && row.keyId !== keyId) return false;
  return success === undefined || (row.outcome !== 'open' && row.success === success);
}

function keysOf(row: RequestLogRow): Readonly<Record<string, string>> {
  const shard = shardOf(row.requestId);
  const place = `${row.timestamp}#${row.requestId}`;
  return {
    PK: `REQUEST#${row.requestId}`,
    SK: 'LOG',
    GSI1PK: `USER#${row.userId}#${shard}`,
    GSI1SK: place,
    GSI2PK: `DAY#${dayOf(row)}#${shard}`,
    GSI2SK: place,
  };
}

/** The last digits of a UUIDv7 are random. */
const shardOf = (requestId: string): number =>
  Number.parseInt(requestId.slice(-8), 16) % SHARDS || 0;

const ttlOf = (timestamp: string, ttlDays: number): number =>
  Math.floor(Date.parse(timestamp) / 1000) + ttlDays * 86_400;

/** DynamoDB takes days to delete what has expired. */
const isExpired = ({ ttl }: Readonly<Record<string, unknown>>, now: number): boolean =>
  typeof ttl === 'number' && ttl * 1_000 <= now;

const dayOf = ({ timestamp }: RequestLogRow): string => timestamp.slice(0, 10);

const newestFirst = (a: RequestLogRow, b: RequestLogRow): number =>
  compare(b.timestamp, a.timestamp) || compare(b.requestId, a.requestId);

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
