import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { DAYS, dayOf, fromItem, isExpired, keyOf, toItem, ttlOf } from './dynamodb-row-item.ts';
import { listOverdue, listRows } from './dynamodb-row-listing.ts';
import type { DynamoDbUsageCounters } from './dynamodb-usage-counters.ts';
import type { FinalRow, RequestLog, RequestLogRow } from './request-log.ts';

export interface DynamoDbRequestLogOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly counters: Pick<DynamoDbUsageCounters, 'enlist' | 'counting'>;
  readonly ttlDays: number;
  /** For one write or look-up, with all its repetitions. */
  readonly timeoutMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A transaction that met another one on the same counter is repeated after a random part of so long, doubled each time. */
const CONFLICT_WAIT_MS = 10;
const MAX_CONFLICTS = 8;

/** Rows that are final are written in one transaction with their counter: neither can be there without the other. */
export function createDynamoDbRequestLog(options: DynamoDbRequestLogOptions): RequestLog {
  const { documents, tableName, ttlDays, timeoutMs, now } = options;
  const markDay = createDayMarker(options);
  const finish = createFinisher(options, markDay);

  const find = async (requestId: string) => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: tableName, Key: keyOf(requestId), ConsistentRead: true }),
      { abortSignal: AbortSignal.timeout(timeoutMs) },
    );
    return Item && !isExpired(Item, now()) ? fromItem(Item) : undefined;
  };

  return {
    find,
    async open(row) {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const put = new PutCommand({
        TableName: tableName,
        Item: toItem(row, ttlDays),
        ...IF_NEW,
      });
      await Promise.all([
        documents.send(put, { abortSignal }).catch(unlessThere),
        markDay(row, abortSignal),
      ]);
    },
    async close(row) {
      const isWritten = await finish(row, {
        ConditionExpression: 'attribute_not_exists(PK) OR outcome = :open',
        ExpressionAttributeValues: { ':open': 'open' },
      });
      if (isWritten) return row;
      const earlier = await find(row.requestId);
      return earlier && earlier.outcome !== 'open' ? earlier : row;
    },
    async record(row) {
      await finish(row, IF_NEW);
    },
    list: (query) => listRows(options, query),
    listOverdue: (deadline) => listOverdue(options, deadline),
  };
}

/** An earlier try has written the row. */
function unlessThere(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, string>>;
}

const IF_NEW: Condition = { ConditionExpression: 'attribute_not_exists(PK)' };

/** Writes the row and counts it; answers false, and does neither, where the condition says that it is there already. */
function createFinisher(options: DynamoDbRequestLogOptions, markDay: MarkDay) {
  const { documents, tableName, counters, ttlDays, timeoutMs, random } = options;
  return async (row: FinalRow, condition: Condition): Promise<boolean> => {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    await Promise.all([counters.enlist(row.tenantId, abortSignal), markDay(row, abortSignal)]);
    const Put = { TableName: tableName, Item: toItem(row, ttlDays), ...condition };
    for (let conflicts = 0; ; conflicts += 1) {
      const TransactItems = [{ Put }, counters.counting(row)];
      const result = await documents
        .send(new TransactWriteCommand({ TransactItems }), { abortSignal })
        .then(() => 'written' as const, judge);
      if (typeof result === 'string') return result === 'written';
      if (conflicts === MAX_CONFLICTS) throw result;
      await sleep(random() * CONFLICT_WAIT_MS * 2 ** conflicts, undefined, { signal: abortSignal });
    }
  };
}

/** The condition has failed, or the transaction met another one and may be tried again. */
function judge(error: unknown): 'there-already' | TransactionCanceledException {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
  if (reasons.includes('ConditionalCheckFailed')) return 'there-already';
  if (reasons.includes('TransactionConflict')) return error;
  throw error;
}

type MarkDay = (row: RequestLogRow, abortSignal: AbortSignal) => Promise<void>;

/** Remembers the day it wrote last, so that this costs one write a day and process. */
function createDayMarker({ documents, tableName, ttlDays }: DynamoDbRequestLogOptions): MarkDay {
  let marked: string | undefined;
  return async (row, abortSignal) => {
    const day = dayOf(row);
    if (marked === day) return;
    const Item = { PK: DAYS, SK: day, ttl: ttlOf(day, ttlDays + 1) };
    await documents.send(new PutCommand({ TableName: tableName, Item }), { abortSignal });
    marked = day;
  };
}
