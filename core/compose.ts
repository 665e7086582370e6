/** Builds the core once per cold start: every adapter, and the app over them. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Redis } from '@upstash/redis';
import { createCoreApp } from './app.ts';
import { createPlanner } from './attempts/planner.ts';
import { systemClock } from './attempts/system-clock.ts';
import { createCancelWatch } from './cancel/cancel-watch.ts';
import { createCatalog } from './catalog/catalog.ts';
import { createDynamoDbCatalogStore } from './catalog/dynamodb-catalog-store.ts';
import { composeAnswerOnce } from './compose-answer-once.ts';
import { composeBudgets } from './compose-budgets.ts';
import { composeContentLog, composeLedger, type Ledger } from './compose-ledger.ts';
import { type GatewayConfig, parseConfig } from './config/gateway-config.ts';
import { resolveSecret, type Secrets } from './config/secrets.ts';
import { createKeyedDigest } from './contract/keyed-digest.ts';
import { createDocumentClient } from './document-client.ts';
import type { CoreEnv } from './env.ts';
import { createProviderAvailability } from './health/provider-availability.ts';
import { describeError } from './http/describe-error.ts';
import type { CoreApp } from './http/request-facts.ts';
import { createUpstreamFetch } from './http/upstream-fetch.ts';
import { createDynamoDbKeyStore } from './identity/dynamodb-key-store.ts';
import { createDynamoDbTenantStore } from './identity/dynamodb-tenant-store.ts';
import { createKeyDirectory } from './identity/key-directory.ts';
import { createRefusalReport } from './identity/refusal-report.ts';
import { createUpstashKeyMirror } from './identity/upstash-key-mirror.ts';
import { createHopVerifier } from './identity/verify-hop.ts';
import { createMcpRoute } from './mcp/http-binding.ts';
import { createProviders } from './providers/registry.ts';
import { createRedisTargetHealth } from './state/redis-target-health.ts';
import { createUpstashRedis } from './state/upstash-redis.ts';

/** Nobody waits for the mirror but the start of a process. */
const MIRROR_TIMEOUT_MS = 2_000;
/** State that may be lost is not waited for longer. */
const REDIS_TIMEOUT_MS = 250;
/** Assumed after a 429 that names no time. */
const RATE_WINDOW_MS = 5_000;
/** A refused credential is tried again after so long. */
const CREDENTIAL_LATCH_MS = 60_000;

export interface ComposeOptions {
  readonly env: CoreEnv;
  readonly secrets: Secrets;
  /** One JSON line to the operator. */
  readonly writeLine: (entry: object) => void;
}

export interface Core {
  readonly app: CoreApp;
  /** Brings the edge's mirror up to this configuration. Never rejects. */
  readonly publishKeys: () => Promise<void>;
  /** As `Ledger`'s, but never rejects. */
  readonly sweep: Ledger['sweep'];
}

/** Throws what `parseConfig` and the secrets throw, before anything is served. */
export async function composeCore(options: ComposeOptions): Promise<Core> {
  const { env, writeLine } = options;
  const config = parseConfig(env.GATEWAY_CONFIG);
  const documents = createDocumentClient(env);
  const identity = composeIdentity(options, config, documents);
  const ledger = composeLedger({
    env,
    config,
    documents,
    writeLine,
    onClosed(row) {
      const { requestId, outcome } = row;
      writeLine({ event: 'row-closed-late', requestId, outcome });
      return money.budgets.settle(row);
    },
  });
  const money = composeBudgets({ env, config, documents, ledger, writeLine });
  const { log } = ledger;
  const app = createCoreApp({
    ...composeRouting(options, config),
    ...money,
    ...identity,
    log,
    edgeRecords: ledger.table,
    usageCounters: ledger.counters,
    contentLog: composeContentLog({ env, config, documents, writeLine }),
    answerOnce: composeAnswerOnce({ env, documents, log, writeLine }),
    now: systemClock.now,
    maxBodyBytes: config.limits.maxBodyBytes,
    deadlineMs: config.retry.deadlineMs,
    verifyHop: await createHopVerifier(env.HOP_PUBLIC_KEY, {
      now: systemClock.now,
      onRefusal: createRefusalReport(
        ({ count, cause }) =>
          writeLine({ event: 'hop-refused', count, error: describeError(cause) }),
        systemClock.now,
      ),
    }),
    mcp: createMcpRoute({
      catalog: createCatalog({
        store: createDynamoDbCatalogStore({ documents, tableName: env.PRODUCTS_TABLE }),
      }),
      allowedOrigins: [],
      maxBodyBytes: config.limits.maxBodyBytes,
      report: (cause) => writeLine({ event: 'tool-failed', error: describeError(cause) }),
    }),
    isReady: () =>
      log.find('readiness').then(
        () => true,
        () => false,
      ),
    newRequestId: randomUUID,
    reportError: ({ requestId, cause }) =>
      writeLine({ event: 'request-failed', requestId, error: describeError(cause) }),
  });
  return {
    app,
    publishKeys: () => identity.keys.publishAll(),
    sweep: (which) =>
      ledger
        .sweep(which)
        .catch((cause) => writeLine({ event: 'sweep-failed', error: describeError(cause) })),
  };
}

function composeIdentity(
  { env, writeLine }: ComposeOptions,
  config: GatewayConfig,
  documents: DynamoDBDocumentClient,
) {
  const table = { documents, tableName: env.KEYS_TABLE };
  const keyStore = createDynamoDbKeyStore(table);
  const tenants = createDynamoDbTenantStore(table);
  const defaultLimits = config.limits.default;
  const mirror = createUpstashKeyMirror(
    new Redis({
      url: env.UPSTASH_REDIS_REST_URL,
      token: env.UPSTASH_REDIS_REST_TOKEN,
      enableAutoPipelining: true,
      enableTelemetry: false,
      retry: { retries: 0 },
      signal: () => AbortSignal.timeout(MIRROR_TIMEOUT_MS),
    }),
  );
  return {
    keyStore,
    tenants,
    defaultLimits,
    randomBytes,
    keys: createKeyDirectory({
      store: keyStore,
      tenants,
      mirror,
      defaultLimits,
      onMirrorFailure: (cause) =>
        writeLine({ event: 'key-not-mirrored', error: describeError(cause) }),
      configVersion: createHash('sha256').update(env.GATEWAY_CONFIG).digest('hex').slice(0, 16),
    }),
    digestKey: createKeyedDigest(crypto.subtle, env.KEY_PEPPER),
    keyEnvironment: env.KEY_ENVIRONMENT,
  };
}

function composeRouting({ env, secrets, writeLine }: ComposeOptions, config: GatewayConfig) {
  const { now } = systemClock;
  const redis = createUpstashRedis({
    url: env.UPSTASH_REDIS_REST_URL,
    token: env.UPSTASH_REDIS_REST_TOKEN,
    timeoutMs: REDIS_TIMEOUT_MS,
  });
  const providers = createProviders(config.providers, {
    secret: (reference) => resolveSecret(reference, secrets),
    upstreamFetch: createUpstreamFetch,
    now,
    onUnpriced: (model) => writeLine({ event: 'model-unpriced', ...model }),
  });
  const health = createRedisTargetHealth({
    redis,
    rules: {
      breaker: config.breaker,
      rateWindowMs: RATE_WINDOW_MS,
      credentialLatchMs: CREDENTIAL_LATCH_MS,
    },
    now,
    onFailure: (cause) => writeLine({ event: 'health-store-failed', error: describeError(cause) }),
  });
  const { random } = Math;
  const aliases = config.models;
  return {
    providers,
    aliases,
    availability: createProviderAvailability(providers, now),
    planner: createPlanner({ providers, aliases, random }),
    attempts: { clock: systemClock, random, health, retry: config.retry },
    cancelWatch: createCancelWatch({ redis, clock: systemClock }),
  };
}
