/** What core and Worker are told of the parts around them: each exactly the names that its own `env.ts` parses. */
import { pathToFileURL } from 'node:url';
import type { GatewayConfig } from '../../core/config/gateway-config.ts';
import { TABLES } from '../tables.ts';
import type { LocalSecrets } from './local-secrets.ts';

type Environment = Readonly<Record<string, string>>;

export interface LocalParts {
  readonly secrets: LocalSecrets;
  readonly upstashUrl: string;
  readonly dynamodbEndpoint: string;
  readonly blobFolder: string;
  readonly rowSpoolPath: string;
  readonly budgetStoreId: string;
  readonly corePort: number;
  /** The JSON text, and what it says. */
  readonly configText: string;
  readonly config: GatewayConfig;
}

const redisBindings = ({ upstashUrl, secrets }: LocalParts): Environment => ({
  UPSTASH_REDIS_REST_URL: upstashUrl,
  UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
  KEY_PEPPER: secrets.keyPepper,
});

export const coreEnvironment = (parts: LocalParts): Environment => ({
  ...redisBindings(parts),
  GATEWAY_CONFIG: parts.configText,
  KEY_ENVIRONMENT: 'local',
  HOP_PUBLIC_KEY: parts.secrets.hopPublicKey,
  REQUEST_LOGS_TABLE: TABLES.requestLogs.name,
  USAGE_TABLE: TABLES.usage.name,
  ROW_SPOOL: pathToFileURL(parts.rowSpoolPath).href,
  PRODUCTS_TABLE: TABLES.products.name,
  KEYS_TABLE: TABLES.keys.name,
  IDEMPOTENCY_TABLE: TABLES.idempotency.name,
  SEALING_KEY: parts.secrets.sealingKey,
  BUDGET_STORE_ID: parts.budgetStoreId,
  BLOB_STORE: pathToFileURL(parts.blobFolder).href,
  DYNAMODB_ENDPOINT: parts.dynamodbEndpoint,
  CORE_PORT: String(parts.corePort),
});

export const edgeBindings = (parts: LocalParts): Environment => ({
  ...redisBindings(parts),
  CORE_URL: `http://127.0.0.1:${parts.corePort}`,
  HOP_PRIVATE_KEY: parts.secrets.hopPrivateKey,
  CACHE_SECRET: parts.secrets.cacheSecret,
  CACHE_TTL_SECONDS: String(parts.config.cache.ttlSeconds),
  MAX_BODY_BYTES: String(parts.config.limits.maxBodyBytes),
  LIMITER_TIMEOUT_MS: String(parts.config.limiter.timeoutMs),
});

/** The bindings as a `.dev.vars` file; no value of ours has a quote in it. */
export const toDevVars = (bindings: Environment): string =>
  Object.entries(bindings)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
