/** The request log on its table, its counters, its second place, and what looks after rows that nobody closed. */
import { fileURLToPath } from 'node:url';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from './attempts/system-clock.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { CoreEnv, LedgerEnv } from './env.ts';
import { describeError } from './http/describe-error.ts';
import type { ContentLog } from './ledger/content-log.ts';
import { createDynamoDbContentLog } from './ledger/dynamodb-content-log.ts';
import { createDynamoDbRequestLog } from './ledger/dynamodb-request-log.ts';
import { createDynamoDbUsageCounters } from './ledger/dynamodb-usage-counters.ts';
import { createFileRowSpool } from './ledger/file-row-spool.ts';
import type { FinalRow, RequestLog, RequestLogRow } from './ledger/request-log.ts';
import { type RowSpool, replayRow } from './ledger/row-spool.ts';
import { createSpoolingRequestLog } from './ledger/spooling-request-log.ts';
import { createSqsRowSpool } from './ledger/sqs-row-spool.ts';
import { ABANDONED_AFTER_MS, sweepOpenRows } from './ledger/sweep-open-rows.ts';
import type { UsageCounters } from './ledger/usage-counters.ts';
import { createSealedBox } from './state/sealed-box.ts';

/** A client waits no longer for its row to be durable, before the second place is tried. */
const WRITE_TIMEOUT_MS = 2_000;

const { now } = systemClock;

export interface LedgerParts {
  readonly env: LedgerEnv;
  readonly config: Pick<GatewayConfig, 'logging' | 'retry'>;
  readonly documents: DynamoDBDocumentClient;
  /** Told of each row that became final other than by its own request; may be told twice. */
  readonly onClosed: (row: FinalRow) => Promise<void>;
  readonly writeLine: (entry: object) => void;
}

export interface Ledger {
  /** Never rejects a row: what the table does not take goes to the second place. */
  readonly log: RequestLog;
  /** The table alone. */
  readonly table: RequestLog;
  readonly counters: UsageCounters;
  /** Brings a row from the second place to the table. */
  readonly replay: (row: RequestLogRow) => Promise<void>;
  /**
   * Brings back what the second place has, if it is this process's own, then closes open rows: those that
   * are overdue, or `all`, for a process that knows it is the only one and has none of its own.
   */
  readonly sweep: (which: 'overdue' | 'all') => Promise<void>;
}

export function composeLedger({
  env,
  config,
  documents,
  onClosed,
  writeLine,
}: LedgerParts): Ledger {
  const { random } = Math;
  const counters = createDynamoDbUsageCounters({ documents, tableName: env.USAGE_TABLE, random });
  const table = createDynamoDbRequestLog({
    documents,
    tableName: env.REQUEST_LOGS_TABLE,
    counters,
    ttlDays: config.logging.ttlDays,
    timeoutMs: WRITE_TIMEOUT_MS,
    now,
    random,
  });
  const replay = (row: RequestLogRow) => replayRow(row, { log: table, onClosed });
  const { spool, bringBack } = composeSpool(env.ROW_SPOOL, replay, writeLine);
  const sweepDeps = {
    log: table,
    onClosed,
    onFailure: ({ requestId }: RequestLogRow, cause: unknown) =>
      writeLine({ event: 'row-not-swept', requestId, error: describeError(cause) }),
  };
  return {
    table,
    counters,
    replay,
    log: createSpoolingRequestLog({
      log: table,
      spool,
      onSpooled: ({ requestId }, cause) =>
        writeLine({ event: 'row-spooled', requestId, error: describeError(cause) }),
      onLost: (row, cause) =>
        writeLine({ event: 'row-not-stored', row, error: describeError(cause) }),
    }),
    async sweep(which) {
      await bringBack();
      const { deadlineMs } = config.retry;
      await sweepOpenRows(now() + (which === 'all' ? deadlineMs : -ABANDONED_AFTER_MS), sweepDeps);
    },
  };
}

export interface ContentParts extends Omit<LedgerParts, 'env' | 'onClosed'> {
  readonly env: Pick<CoreEnv, 'REQUEST_LOGS_TABLE' | 'SEALING_KEY' | 'SEALING_KEY_PREVIOUS'>;
}

export const composeContentLog = ({
  env,
  config,
  documents,
  writeLine,
}: ContentParts): ContentLog =>
  createDynamoDbContentLog({
    documents,
    tableName: env.REQUEST_LOGS_TABLE,
    box: createSealedBox({ current: env.SEALING_KEY, previous: env.SEALING_KEY_PREVIOUS }),
    ttlDays: config.logging.ttlDays,
    timeoutMs: WRITE_TIMEOUT_MS,
    now,
    onFailure: (requestId, cause) =>
      writeLine({ event: 'content-not-kept', requestId, error: describeError(cause) }),
  });

interface SecondPlace {
  readonly spool: RowSpool;
  /** A queue has a consumer of its own. */
  readonly bringBack: () => Promise<void>;
}

function composeSpool(
  url: string,
  replay: (row: RequestLogRow) => Promise<void>,
  writeLine: LedgerParts['writeLine'],
): SecondPlace {
  if (!url.startsWith('file:')) {
    const client = new SQSClient({ endpoint: new URL(url).origin });
    const spool = createSqsRowSpool({ client, queueUrl: url, timeoutMs: WRITE_TIMEOUT_MS });
    return { spool, bringBack: async () => {} };
  }
  const spool = createFileRowSpool({
    path: fileURLToPath(url),
    onUnreadable: (line) => writeLine({ event: 'spooled-row-unreadable', line }),
  });
  return { spool, bringBack: () => spool.replay(replay) };
}
