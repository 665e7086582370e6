/** The Lambda entry itself, as its runtime would load it: over embedded stores and a scripted provider. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HOP, toHopClaims } from '../../core/contract/hop.ts';
import { keyRecordName } from '../../core/contract/principal.ts';
import type { StreamingRuntime } from '../../core/http/lambda-stream.ts';
import { createDynamoDbKeyStore } from '../../core/identity/dynamodb-key-store.ts';
import { ensureTables, LOCAL_AWS, startDynamoDb } from '../../infra/local/dynamodb.ts';
import type { RedisBackend } from '../../infra/local/redis/backend.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { TABLES } from '../../infra/tables.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { delta, finish, SSE_HEAD, sse, startRawProvider, usage } from '../support/raw-provider.ts';

type StreamHandler = ReturnType<StreamingRuntime['streamifyResponse']>;

const recorded = (name: string): APIGatewayProxyEvent => {
  const path = new URL(`../fixtures/api-gateway/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
};

const DIGEST = '0'.repeat(64);

let handler: StreamHandler;
let hop: string;
let redis: RedisBackend;
const cleanUps: (() => PromiseLike<unknown>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lambda-'));
  const dynamodb = await startDynamoDb({ path: folder });
  await ensureTables(dynamodb.endpoint);
  redis = await openRedis({});
  const upstash = await startUpstashRest({ redis, token: 'token' });
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, ...LOCAL_AWS });
  await createDynamoDbKeyStore({
    documents: DynamoDBDocumentClient.from(client),
    tableName: TABLES.keys.name,
  }).create({ ...PRINCIPAL, budgets: [], name: 'Shop', digest: DIGEST, cache: true, createdAt: 0 });
  const provider = await startRawProvider((socket) => {
    socket.end(SSE_HEAD + delta('Hello') + finish() + usage(3, 2) + sse('[DONE]'));
  });
  cleanUps.push(
    async () => client.destroy(),
    () => provider[Symbol.asyncDispose](),
    () => upstash.close(),
    () => redis.close(),
    () => dynamodb.close(),
    () => rm(folder, { recursive: true }),
  );
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm);
  hop = await new SignJWT({ ...toHopClaims({ kind: 'principal', principal: PRINCIPAL }) })
    .setProtectedHeader({ alg: HOP.algorithm })
    .setIssuer(HOP.issuer)
    .setAudience(HOP.audience)
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(privateKey);
  const environment = {
    GATEWAY_CONFIG: JSON.stringify({
      providers: [
        { name: 'up', kind: 'openai', baseUrl: provider.baseUrl, models: ['demo-shop-assistant'] },
      ],
    }),
    HOP_PUBLIC_KEY: JSON.stringify(await exportJWK(publicKey)),
    KEY_PEPPER: 'a pepper of more than thirty-two characters',
    KEY_ENVIRONMENT: 'test',
    UPSTASH_REDIS_REST_URL: upstash.url,
    UPSTASH_REDIS_REST_TOKEN: 'token',
    REQUEST_LOGS_TABLE: TABLES.requestLogs.name,
    USAGE_TABLE: TABLES.usage.name,
    ROW_SPOOL: pathToFileURL(join(folder, 'rows.jsonl')).href,
    PRODUCTS_TABLE: TABLES.products.name,
    KEYS_TABLE: TABLES.keys.name,
    IDEMPOTENCY_TABLE: TABLES.idempotency.name,
    SEALING_KEY: 's'.repeat(43),
    BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href,
    DYNAMODB_ENDPOINT: dynamodb.endpoint,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubGlobal('awslambda', {
    streamifyResponse: (streamed: StreamHandler) => streamed,
    HttpResponseStream: {
      from(stream: Writable, metadata: object) {
        stream.write(`${JSON.stringify(metadata)}\n`);
        return stream;
      },
    },
  });
  ({ handler } = await import('../../core/lambda.ts'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const cleanUp of cleanUps) await cleanUp();
});

async function invoke(event: APIGatewayProxyEvent) {
  const received: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      received.push(chunk);
      done();
    },
  });
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  await handler(event, stream as awslambda.HttpResponseStream, context);
  const [metadata = '', ...body] = Buffer.concat(received).toString().split('\n');
  return { ...JSON.parse(metadata), body: body.join('\n') };
}

const withHop = (event: APIGatewayProxyEvent, token: string): APIGatewayProxyEvent => ({
  ...event,
  multiValueHeaders: { ...event.multiValueHeaders, 'x-gateway-hop': [token] },
});

describe('core/lambda', () => {
  it('answers the health check, and meanwhile brings the mirror of the keys up to date', async () => {
    const answer = await invoke(recorded('console-test'));
    expect([answer.statusCode, answer.body]).toEqual([200, '{"status":"ok"}']);
    const mirrored = JSON.parse(String(await redis.call(['GET', keyRecordName(DIGEST)])));
    expect(mirrored).toMatchObject({ tenantId: 'shop', configVersion: expect.any(String) });
    const life = await redis.call(['TTL', keyRecordName(DIGEST)]);
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(300);
  });

  it('refuses an event that did not come through the edge, and tells its operator without the token', async () => {
    const lines: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    const answer = await invoke(withHop(recorded('chat-completion'), 'canary.canary.canary'));
    write.mockRestore();
    expect(answer).toMatchObject({
      statusCode: 401,
      headers: {
        'www-authenticate': 'Bearer',
        'server-timing': expect.stringMatching(/^core;dur=\d+$/),
      },
    });
    const said = lines.filter((line) => line.includes('hop-refused'));
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ event: 'hop-refused', count: 1 });
    expect(lines.join()).not.toContain('canary');
  });

  it('streams a chat', async () => {
    const answer = await invoke(withHop(recorded('chat-completion'), hop));
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': expect.stringContaining('text/event-stream') },
    });
    expect(answer.headers).not.toHaveProperty('server-timing');
    expect(answer.body).toContain('"content":"Hello"');
    expect(answer.body).toMatch(/data: \[DONE\]\n\n$/);
  });
});
