/** The request log and its counters over an embedded DynamoDB of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  createDynamoDbRequestLog,
  type DynamoDbRequestLogOptions,
} from '../../core/ledger/dynamodb-request-log.ts';
import { createDynamoDbUsageCounters } from '../../core/ledger/dynamodb-usage-counters.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';

export async function startLedgerTables() {
  const path = await mkdtemp(join(tmpdir(), 'ledger-'));
  const { endpoint, close } = await startDynamoDb({ path });
  await ensureTables(endpoint);
  return {
    endpoint,
    async [Symbol.asyncDispose]() {
      await close();
      await rm(path, { recursive: true });
    },
  };
}

export function connectLedger(endpoint: string, options: Partial<DynamoDbRequestLogOptions> = {}) {
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const counters = createDynamoDbUsageCounters({
    documents,
    tableName: TABLES.usage.name,
    random: Math.random,
  });
  const log = createDynamoDbRequestLog({
    documents,
    tableName: TABLES.requestLogs.name,
    counters,
    ttlDays: 90,
    timeoutMs: 30_000,
    now: () => Date.parse('2026-03-02T12:00:00.000Z'),
    random: Math.random,
    ...options,
  });
  return { log, counters, documents, destroy: () => client.destroy() };
}
