/** The core as `npm start` runs it: over embedded DynamoDB and Redis, which live in this process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { superviseCore } from '../../infra/local/core-supervisor.ts';
import { ensureTables, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { loadSecrets } from '../../infra/local/local-secrets.ts';
import { nextFreePort } from '../../infra/local/ports.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { TABLES } from '../../infra/tables.ts';

const FIRST_PORT = 21_000;

export async function startCoreOverStores(config: string) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const { hopPublicKey, hopPrivateKey, keyPepper, redisToken } = await loadSecrets(
    join(folder, 'secrets.json'),
  );
  const dynamodb = await startDynamoDb({ path: join(folder, 'dynamodb') });
  await ensureTables(dynamodb.endpoint);
  const redis = await openRedis({});
  const upstash = await startUpstashRest({ redis, token: redisToken });
  const port = await nextFreePort(FIRST_PORT);
  const core = await superviseCore({
    environment: {
      PATH: process.env.PATH,
      GATEWAY_CONFIG: config,
      HOP_PUBLIC_KEY: hopPublicKey,
      KEY_PEPPER: keyPepper,
      KEY_ENVIRONMENT: 'local',
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: redisToken,
      REQUEST_LOGS_TABLE: TABLES.requestLogs.name,
      USAGE_TABLE: TABLES.usage.name,
      ROW_SPOOL: pathToFileURL(join(folder, 'rows.jsonl')).href,
      PRODUCTS_TABLE: TABLES.products.name,
      KEYS_TABLE: TABLES.keys.name,
      IDEMPOTENCY_TABLE: TABLES.idempotency.name,
      SEALING_KEY: 's'.repeat(43),
      BLOB_STORE: 's3://blobs',
      DYNAMODB_ENDPOINT: dynamodb.endpoint,
      CORE_PORT: String(port),
    },
    logPath: join(folder, 'core.log'),
    onCrash: (how) => console.error(`The core ended: ${how}.`),
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    hopPrivateKey,
    async [Symbol.asyncDispose]() {
      for (const part of [core, upstash, redis, dynamodb]) await part.close();
      await rm(folder, { recursive: true });
    },
  };
}
