/** Builds the core once per cold start: every adapter, and the app over them. */
import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Redis } from '@upstash/redis';
import { createCoreApp } from './app.ts';
import { createCatalog } from './catalog/catalog.ts';
import { createDynamoDbCatalogStore } from './catalog/dynamodb-catalog-store.ts';
import { parseConfig } from './config/gateway-config.ts';
import { resolveSecret, type Secrets } from './config/secrets.ts';
import { createKeyedDigest } from './contract/keyed-digest.ts';
import type { CoreEnv } from './env.ts';
import { describeError } from './http/describe-error.ts';
import type { CoreApp } from './http/request-facts.ts';
import { createUpstreamFetch } from './http/upstream-fetch.ts';
import { createDynamoDbKeyStore } from './identity/dynamodb-key-store.ts';
import { createKeyLookup } from './identity/key-lookup.ts';
import { createUpstashKeyMirror } from './identity/upstash-key-mirror.ts';
import { createHopVerifier } from './identity/verify-hop.ts';
import { createDynamoDbRequestLog } from './ledger/dynamodb-request-log.ts';
import { createSpoolingRequestLog } from './ledger/spooling-request-log.ts';
import { createMcpRoute } from './mcp/http-binding.ts';
import { createProviders } from './providers/registry.ts';

export interface ComposeOptions {
  readonly env: CoreEnv;
  readonly secrets: Secrets;
  /** One JSON line to the operator. */
  readonly writeLine: (entry: object) => void;
}

export interface Core {
  readonly app: CoreApp;
  /** Publishes every key to the edge's mirror. */
  readonly publishKeys: () => Promise<void>;
}

/** Throws what `parseConfig` and the secrets throw, before anything is served. */
export function composeCore({ env, secrets, writeLine }: ComposeOptions): Core {
  const config = parseConfig(env.GATEWAY_CONFIG);
  const now = () => Date.now();
  const documents = createDocumentClient(env);
  const redis = new Redis({
    url: env.UPSTASH_REDIS_REST_URL,
    token: env.UPSTASH_REDIS_REST_TOKEN,
    retry: false,
  });
  const keyStore = createDynamoDbKeyStore({ documents, tableName: env.KEYS_TABLE });
  const keys = createKeyLookup({
    store: keyStore,
    mirror: createUpstashKeyMirror(redis),
    defaultLimits: config.limits.default,
    onMirrorFailure: (cause) =>
      writeLine({ event: 'key-not-mirrored', error: describeError(cause) }),
    configVersion: createHash('sha256').update(env.GATEWAY_CONFIG).digest('hex').slice(0, 16),
  });
  const edgeRecords = createDynamoDbRequestLog({
    documents,
    tableName: env.REQUEST_LOGS_TABLE,
    ttlDays: config.logging.ttlDays,
  });
  const log = createSpoolingRequestLog(edgeRecords, (row, cause) =>
    writeLine({ event: 'row-not-stored', row, error: describeError(cause) }),
  );
  const providers = createProviders(config.providers, {
    secret: (reference) => resolveSecret(reference, secrets),
    upstreamFetch: createUpstreamFetch,
    now,
  });
  const views = [...providers.values()].map(({ config: { name, priority, models } }) => ({
    name,
    priority,
    models,
  }));
  const mcp = createMcpRoute({
    catalog: createCatalog({
      store: createDynamoDbCatalogStore({ documents, tableName: env.PRODUCTS_TABLE }),
    }),
    allowedOrigins: [],
    maxBodyBytes: config.limits.maxBodyBytes,
    report: (cause) => writeLine({ event: 'tool-failed', error: describeError(cause) }),
  });
  const app = createCoreApp({
    providers,
    views: () => views,
    log,
    edgeRecords,
    now,
    maxBodyBytes: config.limits.maxBodyBytes,
    verifyHop: createHopVerifier(env.HOP_PUBLIC_KEY),
    keys,
    keyStore,
    keyEnvironment: env.KEY_ENVIRONMENT,
    digestKey: createKeyedDigest(crypto.subtle, env.KEY_PEPPER),
    mcp,
    isReady: () =>
      log.find('readiness').then(
        () => true,
        () => false,
      ),
    newRequestId: randomUUID,
    reportError: ({ requestId, cause }) =>
      writeLine({ event: 'request-failed', requestId, error: describeError(cause) }),
  });
  return { app, publishKeys: () => keys.publishAll() };
}

/** Off AWS the endpoint takes any credentials. */
function createDocumentClient({ DYNAMODB_ENDPOINT: endpoint }: CoreEnv): DynamoDBDocumentClient {
  const local = endpoint && {
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const client = new DynamoDBClient({ ...local });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
