/** The whole gateway on one machine, its parts started in the order in which they need each other. */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbCatalogStore } from '../../core/catalog/dynamodb-catalog-store.ts';
import { type GatewayConfig, parseConfig } from '../../core/config/gateway-config.ts';
import { TABLES } from '../tables.ts';
import { readConfigFile } from './config-file.ts';
import { type SuperviseOptions, superviseCore } from './core-supervisor.ts';
import { defaultConfig } from './default-config.ts';
import { startDemoModel } from './demo-model/server.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from './dynamodb.ts';
import { startEdge } from './edge.ts';
import { coreEnvironment, edgeBindings, type LocalParts, toDevVars } from './local-environment.ts';
import { ensureKeys, type LocalKeys } from './local-keys.ts';
import { loadSecrets, saveSecrets } from './local-secrets.ts';
import { isPortFree, nextFreePort } from './ports.ts';
import { openRedis } from './redis.ts';
import { seedCatalog } from './seed/seed-catalog.ts';
import { forgetState, pathsIn, writePrivateFile } from './state-folder.ts';
import { startUpstashRest } from './upstash-rest.ts';

export interface StackOptions {
  /** Where state is kept. */
  readonly folder: string;
  /** Where the Worker's bindings are left for `npx wrangler dev`. */
  readonly devVarsPath: string;
  readonly port: number;
  /** Forget what was kept. */
  readonly fresh: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of each part when it is ready, with the time it took. */
  readonly onReady: (name: string, ms: number) => void;
  readonly onCrash: SuperviseOptions['onCrash'];
}

interface Credentials extends LocalKeys {
  readonly baseUrl: string;
  readonly mcpUrl: string;
}

interface Started {
  readonly credentials: Credentials;
  /** `provider/model` for a first request; undefined when no model is known by name. */
  readonly model: string | undefined;
}

export interface Stack extends Started {
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
    const startedAt = performance.now();
    const part = await starting();
    if (part) parts.push(part);
    options.onReady(name, performance.now() - startedAt);
    return part;
  };
  try {
    return { ...(await startParts(options, start)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type StartPart = <P extends Closable | undefined>(
  name: string,
  starting: () => Promise<P>,
) => Promise<P>;

async function startParts(options: StackOptions, start: StartPart): Promise<Started> {
  const { port, environment } = options;
  const paths = pathsIn(options.folder);
  if (!(await isPortFree(port))) throw new Error(portTaken(port));
  const configFile = await readConfigFile(environment.GATEWAY_CONFIG);
  if (options.fresh) await forgetState(options.folder);
  await mkdir(options.folder, { recursive: true });

  const dynamodb = await start('DynamoDB', () => startDynamoDb({ path: paths.dynamodb }));
  // Not before: had another gateway been running on the folder, these would be its own.
  await rm(paths.credentials, { force: true });
  await rm(paths.log, { force: true });
  const tables = await start('Tables', () => openTables(dynamodb.endpoint));
  const secrets = await loadSecrets(paths.secrets);
  const keys = await ensureKeys(tables.documents, secrets);
  await saveSecrets(paths.secrets, { ...secrets, ...keys });

  const redis = await start(redisName(environment), () =>
    openRedis({ url: environment.REDIS_URL || undefined }),
  );
  const upstash = await start('Upstash REST', () =>
    startUpstashRest({ redis, token: secrets.redisToken }),
  );
  const configText = configFile ?? (await configWithDemo(environment, start));
  const parts: LocalParts = {
    secrets,
    upstashUrl: upstash.url,
    dynamodbEndpoint: dynamodb.endpoint,
    blobFolder: paths.blobs,
    rowSpoolPath: paths.rowSpool,
    // A Redis in memory is a new one at every start.
    budgetStoreId: environment.REDIS_URL ? 'shared' : randomUUID(),
    corePort: await nextFreePort(port + 1),
    configText,
    config: parseConfig(configText),
  };
  const core = {
    environment: { ...environment, ...coreEnvironment(parts) },
    logPath: paths.log,
    onCrash: options.onCrash,
  };
  await both(
    start('Catalogue', tables.seed),
    start('Core', () => superviseCore(core)),
  );
  const env = edgeBindings(parts);
  const edge = await start('Edge', () =>
    startEdge({
      port,
      env,
      persistTo: paths.edge,
      onLog: (line) => appendFileSync(paths.log, `${line}\n`),
    }),
  );
  const credentials = { baseUrl: `${edge.url}/v1`, mcpUrl: `${edge.url}/mcp`, ...keys };
  await writePrivateFile(options.devVarsPath, toDevVars(env));
  await writePrivateFile(paths.credentials, `${JSON.stringify(credentials, null, 2)}\n`);
  return { credentials, model: firstModel(parts.config) };
}

async function configWithDemo(
  environment: StackOptions['environment'],
  start: StartPart,
): Promise<string> {
  const demo = await start('Demonstration model', startDemoModel);
  return JSON.stringify(defaultConfig({ environment, demoBaseUrl: demo.baseUrl }));
}

async function openTables(endpoint: string) {
  await ensureTables(endpoint);
  const client = new DynamoDBClient({ endpoint, ...LOCAL_AWS });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const tableName = TABLES.products.name;
  return {
    documents,
    seed: async () => {
      await seedCatalog(createDynamoDbCatalogStore({ documents, tableName }));
      return undefined;
    },
    close: async () => client.destroy(),
  };
}

/** Waits for both even if one fails: nothing may start behind the back of a close. */
async function both(...starting: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(starting);
  await Promise.all(starting);
}

/** Of the provider that is tried first. */
function firstModel({ providers }: GatewayConfig): string | undefined {
  const [first] = providers
    .filter(({ enabled }) => enabled)
    .sort((a, b) => a.priority - b.priority);
  const model = first?.models.find((name) => name !== '*');
  return first && model && `${first.name}/${model}`;
}

const redisName = ({ REDIS_URL: url }: StackOptions['environment']): string =>
  url ? 'Redis (REDIS_URL)' : 'Redis (embedded)';

const portTaken = (port: number): string =>
  `Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 10} npm start`;
