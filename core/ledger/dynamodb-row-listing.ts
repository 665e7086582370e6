/** Rows by user, by key, by day, and those that are open for too long. */
import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  DAYS,
  fromItem,
  isExpired,
  type Partition,
  partitionsOf,
  sortableTime,
} from './dynamodb-row-item.ts';
import type { OpenRow, RequestLogQuery, RequestLogRow } from './request-log.ts';

export interface RowListingOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** So many overdue rows at a time. */
const PAGE_SIZE = 25;

export async function listRows(
  options: RowListingOptions,
  query: RequestLogQuery,
): Promise<readonly RequestLogRow[]> {
  const { first, last } = boundsOf(query);
  // DynamoDB refuses a range whose end comes before its beginning.
  if (last < first) return [];
  const rows: RequestLogRow[] = [];
  for await (const partitions of partitionsFor(options, query)) {
    const shards = await Promise.all(
      partitions.map((partition) => readShard(options, partition, query)),
    );
    rows.push(...shards.flat().sort(newestFirst));
    if (rows.length >= query.limit) break;
  }
  return rows.slice(0, query.limit);
}

/** An index lags behind its table: some of the rows may have been closed meanwhile. */
export async function* listOverdue(
  { documents, tableName }: RowListingOptions,
  deadline: number,
): AsyncGenerator<readonly OpenRow[]> {
  for (const { index, key } of partitionsOf('open', '')) {
    const pages = paginateQuery(
      { client: documents, pageSize: PAGE_SIZE },
      {
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: '#pk = :pk AND #sk < :deadline',
        ExpressionAttributeNames: { '#pk': `${index}PK`, '#sk': `${index}SK` },
        ExpressionAttributeValues: { ':pk': key, ':deadline': sortableTime(deadline) },
      },
    );
    for await (const { Items = [] } of pages) yield Items.map(fromItem).filter(isOpen);
  }
}

const isOpen = (row: RequestLogRow): row is OpenRow => row.outcome === 'open';

/** Groups of partitions, to be read one group after the other: all of a user's or a key's, or a day's at a time. */
async function* partitionsFor(
  options: RowListingOptions,
  query: RequestLogQuery,
): AsyncGenerator<readonly Partition[]> {
  const { userId, keyId } = query;
  if (keyId !== undefined) yield partitionsOf('key', keyId);
  else if (userId !== undefined) yield partitionsOf('user', userId);
  else for (const day of await readDays(options, query)) yield partitionsOf('day', day);
}

/** Newest first. */
async function readDays(
  { documents, tableName }: RowListingOptions,
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

async function readShard(
  { documents, tableName, now }: RowListingOptions,
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
      ExpressionAttributeValues: { ':pk': key, ':from': first, ':to': last },
      ScanIndexForward: false,
    },
  );
  for await (const { Items = [] } of pages) {
    const kept = Items.filter((item) => !isExpired(item, now())).map(fromItem);
    rows.push(...kept.filter((row) => matches(row, query)));
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

function matches(row: RequestLogRow, query: RequestLogQuery): boolean {
  const { before, userId, keyId, tenantId, success } = query;
  if (row.requestId === before?.requestId) return false;
  if (userId !== undefined && row.userId !== userId) return false;
  if (keyId !== undefined && row.keyId !== keyId) return false;
  if (tenantId !== undefined && row.tenantId !== tenantId) return false;
  return success === undefined || (row.outcome !== 'open' && row.success === success);
}

const newestFirst = (a: RequestLogRow, b: RequestLogRow): number =>
  compare(b.timestamp, a.timestamp) || compare(b.requestId, a.requestId);

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
