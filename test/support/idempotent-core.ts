/** The core with its idempotency keys in an embedded DynamoDB, over one scripted provider. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../core/attempts/clock.ts';
import { systemClock } from '../../core/attempts/system-clock.ts';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { createAnswerOnce } from '../../core/idempotency/answer-once.ts';
import { createAnswerVault } from '../../core/idempotency/answer-vault.ts';
import { createDynamoDbIdempotencyStore } from '../../core/idempotency/dynamodb-idempotency-store.ts';
import type { BlobStore } from '../../core/state/blob-store.ts';
import { createFileBlobStore } from '../../core/state/file-blob-store.ts';
import { createSealedBox, type SealingKeys } from '../../core/state/sealed-box.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { TABLES } from '../../infra/tables.ts';
import { chatInit, startCoreApp } from './core-app.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';
import { type RawScript, startRawProvider } from './raw-provider.ts';

export const SEALING_KEY = 'k'.repeat(43);
export const ask = { model: 'up', messages: [{ role: 'user', content: 'prompt-canary' }] };

/** A database that can be stopped and started again on the same files. */
export async function startDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'idempotency-'));
  const open = async () => {
    const dynamodb = await startDynamoDb({ path: join(folder, 'dynamodb') });
    await ensureTables(dynamodb.endpoint);
    return dynamodb;
  };
  let dynamodb = await open();
  return {
    folder,
    endpoint: () => dynamodb.endpoint,
    stop: () => dynamodb.close(),
    restart: async () => {
      dynamodb = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await dynamodb.close().catch(() => {});
      await rm(folder, { recursive: true });
    },
  };
}
type Database = Awaited<ReturnType<typeof startDatabase>>;

export interface IdempotentCoreOptions {
  readonly database: Database;
  readonly sealingKeys?: SealingKeys;
  readonly blobs?: BlobStore;
  readonly provider?: object;
  readonly clock?: Clock;
}

export async function startIdempotentCore(script: RawScript, options: IdempotentCoreOptions) {
  const { database, sealingKeys = { current: SEALING_KEY }, clock = systemClock } = options;
  let aheadMs = 0;
  const now = () => clock.now() + aheadMs;
  const provider = await startRawProvider(script);
  const client = new DynamoDBClient({ ...LOCAL_AWS, endpoint: database.endpoint() });
  const documents = DynamoDBDocumentClient.from(client);
  const log = createInMemoryRequestLog();
  const reports: string[] = [];
  const files = createFileBlobStore({ folder: join(database.folder, 'blobs'), now });
  const answerOnce = createAnswerOnce({
    store: createDynamoDbIdempotencyStore({
      documents,
      tableName: TABLES.idempotency.name,
      now,
    }),
    vault: createAnswerVault(createSealedBox(sealingKeys), options.blobs ?? files),
    digest: createKeyedDigest(crypto.subtle, 'pepper-of-the-tests-pepper-of-the-tests'),
    log,
    now,
    report: (event) => reports.push(event),
  });
  const config = {
    providers: [
      {
        name: 'upstream',
        kind: 'openai',
        baseUrl: provider.baseUrl,
        apiKey: 'key',
        models: ['up'],
        retryAttempts: 0,
        prices: { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } },
        ...options.provider,
      },
    ],
  };
  const core = await startCoreApp(config, { ...clock, now }, log, answerOnce);
  return {
    ...core,
    provider,
    documents,
    /** What the operator was told. */
    reports,
    /** Moves the core's clock on. */
    pass: (ms: number) => {
      aheadMs += ms;
    },
    /** A chat under an idempotency key. */
    chat: (key: string, body: object = ask, more: RequestInit = {}) => {
      const init = chatInit(body);
      const headers = { ...init.headers, ...more.headers, 'idempotency-key': key };
      return core.fetch('/v1/chat/completions', { ...init, ...more, headers });
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await provider[Symbol.asyncDispose]();
    },
  };
}
