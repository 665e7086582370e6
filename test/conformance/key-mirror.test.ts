import { Redis } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyRecord, keyRecordName, keyRecordSchema } from '../../core/contract/principal.ts';
import type { KeyMirror } from '../../core/identity/key-store.ts';
import { createUpstashKeyMirror } from '../../core/identity/upstash-key-mirror.ts';
import { createUpstashKeyStore } from '../../edge/adapters/upstash-key-store.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';

const cleanUps: (() => Promise<void>)[] = [];
let redis: Redis;
let mirror: KeyMirror;

beforeAll(async () => {
  const backend = await openRedis({});
  const rest = await startUpstashRest({ redis: backend, token: 'token' });
  cleanUps.push(
    () => rest.close(),
    () => backend.close(),
  );
  redis = new Redis({ url: rest.url, token: 'token', enableTelemetry: false });
  mirror = createUpstashKeyMirror(redis);
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

const record = (policyVersion: number): KeyRecord =>
  keyRecordSchema.parse({
    tenantId: 'shop',
    keyId: 'abcdefgh1234',
    userId: 'user-1',
    scopes: ['inference'],
    policyVersion,
    limits: {},
    cache: true,
    configVersion: 'v1',
  });

/** As the edge reads it; what it cannot read it asks the core for. */
const seenByEdge = (digest: string) =>
  createUpstashKeyStore(redis, 1_000)
    .find(digest, 'request')
    .catch(() => undefined);

describe('the mirror of keys', () => {
  it('shows the edge the record, and not its revision', async () => {
    await mirror.publish('one', { record: record(1), revision: 5 });
    expect(await seenByEdge('one')).toEqual(record(1));
  });

  it('never goes back: a look-up that was overtaken does not undo a revocation', async () => {
    await mirror.publish('two', { record: record(1), revision: 1 });
    await mirror.publish('two', { record: 'refused', revision: 2 });
    await mirror.publish('two', { record: record(1), revision: 1 });
    expect(await seenByEdge('two')).toBeUndefined();
  });

  it('takes the same revision again, for another configuration', async () => {
    await mirror.publish('three', { record: record(1), revision: 10 });
    await mirror.publish('three', { record: { ...record(1), configVersion: 'v2' }, revision: 10 });
    expect(await seenByEdge('three')).toMatchObject({ configVersion: 'v2' });
  });

  it('ends by itself', async () => {
    await mirror.publish('four', { record: record(1), revision: 1 });
    expect(await redis.ttl(keyRecordName('four'))).toBeGreaterThan(290);
  });
});
