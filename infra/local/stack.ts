/** The whole gateway on one machine, its parts started in the order in which they need each other. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbCatalogStore } from '../../core/catalog/dynamodb-catalog-store.ts';
import { ConfigError, parseConfig } from '../../core/config/gateway-config.ts';
import { TABLES } from '../tables.ts';
import { superviseCore } from './core-supervisor.ts';
import { defaultConfig } from './default-config.ts';
import { startDemoModel } from './demo-model/server.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from './dynamodb.ts';
import { startEdge } from './edge.ts';
import { ensureKeys, type LocalKeys } from './local-keys.ts';
import { type LocalSecrets, loadSecrets, saveSecrets } from './local-secrets.ts';
import { isPortFree, nextFreePort } from './ports.ts';
import { openRedis } from './redis.ts';
import { seedCatalog } from './seed/seed-catalog.ts';
import { startUpstashRest } from './upstash-rest.ts';

const DEFAULT_CONFIG_FILE = 'gateway.config.json';

export interface StackOptions {
  /** Where state is kept. */
  readonly folder: string;
  /** Where the Worker's bindings are left for `npx wrangler dev`. */
  readonly devVarsPath: string;
  readonly port: number;
  /** Forget what was kept. */
  readonly fresh: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of each part as it is being started, and with `done` when it is ready. */
  readonly onPart: (name: string, state: 'starting' | 'done') => void;
  readonly onCrash: (description: string) => void;
}

export interface Credentials extends LocalKeys {
  readonly baseUrl: string;
  readonly mcpUrl: string;
}

export interface Stack {
  readonly credentials: Credentials;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** Throws an error whose message tells a person what to do; what was started by then is stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const parts: Closable[] = [];
  const close = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.close();
  };
  const start: StartPart = async (name, starting) => {
    options.onPart(name, 'starting');
    const part = await starting();
    parts.push(part);
    options.onPart(name, 'done');
    return part;
  };
  try {
    return { credentials: await startParts(options, start), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type StartPart = <P extends Closable>(name: string, starting: () => Promise<P>) => Promise<P>;

async function startParts(options: StackOptions, start: StartPart): Promise<Credentials> {
  const { folder, port, environment } = options;
  if (!(await isPortFree(port))) throw new Error(portTaken(port));
  const config = await readConfig(environment);
  await prepareFolder(options);

  const secretsPath = join(folder, 'secrets.json');
  const secrets = await loadSecrets(secretsPath);
  const dynamodb = await start('DynamoDB', () => startDynamoDb({ path: join(folder, 'dynamodb') }));
  const redis = await start(redisName(environment), () =>
    openRedis({ url: environment.REDIS_URL }),
  );
  const upstash = await start('Upstash REST', () =>
    startUpstashRest({ redis, token: secrets.redisToken }),
  );
  const configText = config ?? (await configWithDemo(environment, start));
  const keys = await start('Catalogue and keys', () => fillTables(dynamodb.endpoint, secrets));
  await saveSecrets(secretsPath, { ...secrets, ...keys });

  const corePort = await nextFreePort(port + 1);
  const redisBindings = {
    UPSTASH_REDIS_REST_URL: upstash.url,
    UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
    KEY_PEPPER: secrets.keyPepper,
  };
  await start('Core', () =>
    superviseCore({
      environment: {
        ...environment,
        ...redisBindings,
        GATEWAY_CONFIG: configText,
        KEY_ENVIRONMENT: 'local',
        HOP_PUBLIC_KEY: secrets.hopPublicKey,
        REQUEST_LOGS_TABLE: TABLES.requestLogs.name,
        PRODUCTS_TABLE: TABLES.products.name,
        KEYS_TABLE: TABLES.keys.name,
        DYNAMODB_ENDPOINT: dynamodb.endpoint,
        CORE_PORT: String(corePort),
      },
      onCrash: options.onCrash,
    }),
  );
  const { cache, limits, limiter } = parseConfig(configText);
  const bindings = {
    ...redisBindings,
    CORE_URL: `http://127.0.0.1:${corePort}`,
    HOP_PRIVATE_KEY: secrets.hopPrivateKey,
    CACHE_SECRET: secrets.cacheSecret,
    CACHE_TTL_SECONDS: String(cache.ttlSeconds),
    MAX_BODY_BYTES: String(limits.maxBodyBytes),
    LIMITER_TIMEOUT_MS: String(limiter.timeoutMs),
  };
  const edge = await start('Edge', () =>
    startEdge({ port, env: bindings, persistTo: join(folder, 'edge') }),
  );
  await writeDevVars(options.devVarsPath, bindings);
  return writeCredentials(folder, {
    baseUrl: `${edge.url}/v1`,
    mcpUrl: `${edge.url}/mcp`,
    ...keys,
  });
}

async function readConfig(environment: StackOptions['environment']): Promise<string | undefined> {
  const named = environment.GATEWAY_CONFIG;
  const path = named ?? DEFAULT_CONFIG_FILE;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (named === undefined) return undefined;
    throw new ConfigError(`The configuration file ${path} cannot be read.`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    parseConfig(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new ConfigError(`The configuration in ${path} is not valid:\n${reason}`, { cause });
  }
  return text;
}

async function configWithDemo(
  environment: StackOptions['environment'],
  start: StartPart,
): Promise<string> {
  const demo = await start('Demonstration model', startDemoModel);
  return JSON.stringify(defaultConfig({ environment, demoBaseUrl: demo.baseUrl }));
}

async function prepareFolder({ folder, fresh }: StackOptions): Promise<void> {
  if (fresh) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await rm(credentialsPath(folder), { force: true });
}

async function fillTables(endpoint: string, secrets: LocalSecrets): Promise<LocalKeys & Closable> {
  await ensureTables(endpoint);
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const tableName = TABLES.products.name;
  await seedCatalog(createDynamoDbCatalogStore({ documents, tableName }));
  const keys = await ensureKeys(documents, secrets);
  return { ...keys, close: async () => client.destroy() };
}

/** For `npx wrangler dev` beside this stack: the same bindings, against the core that runs. */
const writeDevVars = (path: string, bindings: Readonly<Record<string, string>>): Promise<void> =>
  writeFile(
    path,
    Object.entries(bindings)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
    { mode: 0o600 },
  );

async function writeCredentials(folder: string, credentials: Credentials): Promise<Credentials> {
  const text = `${JSON.stringify(credentials, null, 2)}\n`;
  await writeFile(credentialsPath(folder), text, { mode: 0o600 });
  return credentials;
}

const credentialsPath = (folder: string): string => join(folder, 'credentials.json');

const redisName = ({ REDIS_URL: url }: StackOptions['environment']): string =>
  url ? 'Redis (REDIS_URL)' : 'Redis (embedded)';

const portTaken = (port: number): string =>
  `Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 10} npm start`;
