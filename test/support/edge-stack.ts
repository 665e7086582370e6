/** The edge as it runs everywhere, between a core stub and an Upstash that can be broken. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { formatApiKey } from '../../core/contract/api-key.ts';
import { HOP } from '../../core/contract/hop.ts';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { keyIdSchema, keyRecordSchema } from '../../core/contract/principal.ts';
import { startEdge } from '../../infra/local/edge.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { type CoreStub, startCoreStub } from './edge-core-stub.ts';
import { startUpstashSwitch, type UpstashSwitch } from './edge-upstash-switch.ts';

const PEPPER = randomBytes(32).toString('base64url');
const REDIS_TOKEN = 'edge-test-token';

export interface EdgeStack {
  readonly url: string;
  readonly core: CoreStub;
  readonly upstash: UpstashSwitch;
  /** What the Worker printed. */
  readonly logs: string[];
  /** A key that the core knows; `policy` has the fields of its record that matter to the test. */
  issueKey(policy?: Record<string, unknown>): Promise<string>;
  redis(...command: string[]): Promise<unknown>;
  /** Posts a chat completion. */
  chat(key: string, body: object, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function startEdgeStack(env: Record<string, string> = {}): Promise<EdgeStack> {
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm, { extractable: true });
  const core = await startCoreStub(await exportJWK(publicKey));
  const redis = await openRedis({});
  const rest = await startUpstashRest({ redis, token: REDIS_TOKEN });
  const upstash = await startUpstashSwitch(rest.url);
  const persistTo = await mkdtemp(join(tmpdir(), 'edge-'));
  const logs: string[] = [];
  const edge = await startEdge({
    port: 0,
    persistTo,
    onLog: (line) => logs.push(line),
    env: {
      CORE_URL: core.url,
      HOP_PRIVATE_KEY: JSON.stringify(await exportJWK(privateKey)),
      KEY_PEPPER: PEPPER,
      CACHE_SECRET: randomBytes(32).toString('base64url'),
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: REDIS_TOKEN,
      // A busy machine is not a broken store.
      LIMITER_TIMEOUT_MS: '1000',
      ...env,
    },
  });
  return {
    url: edge.url,
    core,
    upstash,
    logs,
    redis: (...command) => redis.call(command),
    issueKey: (policy = {}) => issueKey(core, policy),
    chat: (key, body, headers = {}) =>
      fetch(`${edge.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async close() {
      await edge.close();
      for (const part of [upstash, rest, redis, core]) await part.close();
      await rm(persistTo, { recursive: true, force: true });
    },
  };
}

const digest = createKeyedDigest(crypto.subtle, PEPPER);

async function issueKey(core: CoreStub, policy: Record<string, unknown>): Promise<string> {
  const id = keyIdSchema.parse(randomBytes(8).toString('hex'));
  const key = formatApiKey({ environment: 'test', id, secret: randomBytes(16).toString('hex') });
  const record = keyRecordSchema.parse({
    tenantId: 'acme',
    keyId: id,
    userId: 'ada',
    scopes: ['inference', 'mcp', 'admin'],
    policyVersion: 1,
    limits: {},
    cache: true,
    configVersion: 'v1',
    ...policy,
  });
  core.keys.set(await digest(key), record);
  return key;
}

/** A well-formed key that nobody was given. */
export const unknownKey = (): string =>
  formatApiKey({
    environment: 'test',
    id: keyIdSchema.parse(randomBytes(8).toString('hex')),
    secret: randomBytes(16).toString('hex'),
  });

let asked = 0;
/** A chat body that no other test has asked. */
export const ask = (fields: object = {}) => {
  asked += 1;
  return { model: 'demo-model', messages: [{ role: 'user', content: `q${asked}` }], ...fields };
};
