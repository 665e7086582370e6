/** What `Idempotency-Key` stands on: a table, a sealed box, and a place for long answers. */
import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from './attempts/system-clock.ts';
import { createKeyedDigest } from './contract/keyed-digest.ts';
import type { CoreEnv } from './env.ts';
import { describeError } from './http/describe-error.ts';
import { type AnswerOnce, createAnswerOnce } from './idempotency/answer-once.ts';
import { createAnswerVault } from './idempotency/answer-vault.ts';
import { createDynamoDbIdempotencyStore } from './idempotency/dynamodb-idempotency-store.ts';
import type { RequestLog } from './ledger/request-log.ts';
import type { BlobStore } from './state/blob-store.ts';
import { createFileBlobStore } from './state/file-blob-store.ts';
import { createS3BlobStore } from './state/s3-blob-store.ts';
import { createSealedBox } from './state/sealed-box.ts';

const { now } = systemClock;

export interface AnswerOnceParts {
  readonly env: CoreEnv;
  readonly documents: DynamoDBDocumentClient;
  readonly log: RequestLog;
  readonly writeLine: (entry: object) => void;
}

export function composeAnswerOnce({ env, documents, log, writeLine }: AnswerOnceParts): AnswerOnce {
  const box = createSealedBox({ current: env.SEALING_KEY, previous: env.SEALING_KEY_PREVIOUS });
  return createAnswerOnce({
    store: createDynamoDbIdempotencyStore({ documents, tableName: env.IDEMPOTENCY_TABLE, now }),
    vault: createAnswerVault(box, createBlobStore(env)),
    digest: createKeyedDigest(crypto.subtle, env.KEY_PEPPER),
    log,
    now,
    report: (event, requestId, cause) =>
      writeLine({ event, requestId, ...(cause !== undefined && { error: describeError(cause) }) }),
  });
}

function createBlobStore({ BLOB_STORE, S3_ENDPOINT: endpoint }: CoreEnv): BlobStore {
  const url = new URL(BLOB_STORE);
  if (url.protocol === 'file:') return createFileBlobStore({ folder: fileURLToPath(url), now });
  const client = new S3Client({ ...(endpoint && { endpoint, forcePathStyle: true }) });
  return createS3BlobStore({ client, bucket: url.hostname, now });
}
