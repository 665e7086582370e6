import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../../../core/contract/api-key.ts';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import { type KeyRecord, tenantIdSchema } from '../../../../core/contract/principal.ts';
import { createApiKey } from '../../../../core/identity/create-api-key.ts';
import { createKeyLookup } from '../../../../core/identity/key-lookup.ts';
import { createInMemoryKeyStore } from '../../../support/in-memory-key-store.ts';

const policy = {
  environment: 'test',
  name: 'Shop',
  tenantId: tenantIdSchema.parse('shop'),
  userId: 'user-1',
  scopes: ['inference' as const],
  cache: true,
};

function setUp() {
  const store = createInMemoryKeyStore();
  const mirrored = new Map<string, KeyRecord>();
  const digest = createKeyedDigest(crypto.subtle, 'pepper-of-the-tests');
  return {
    store,
    mirrored,
    digest,
    create: (limits?: { requestsPerMinute: number }) =>
      createApiKey(
        { ...policy, ...(limits && { limits }) },
        { store, digest, randomBytes, now: () => 7 },
      ),
    lookup: createKeyLookup({
      store,
      mirror: { publish: async (at, record) => void mirrored.set(at, record) },
      defaultLimits: { requestsPerMinute: 600 },
      configVersion: 'v1',
      onMirrorFailure: () => {},
    }),
  };
}

describe('createApiKey', () => {
  it('makes a well-formed key and stores only its digest', async () => {
    const { create, store, digest } = setUp();
    const { key, stored } = await create();
    expect(apiKeyId(key)).toBe(stored.keyId);
    expect(await store.findByDigest(await digest(key))).toEqual(stored);
    const secret = key.split('_')[3] ?? '';
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('draws every letter alike', async () => {
    const { create } = setUp();
    const keys = await Promise.all(Array.from({ length: 200 }, () => create()));
    const letters = new Set(keys.flatMap(({ key }) => [...(key.split('_')[3] ?? '')]));
    expect(letters.size).toBe(62);
    expect(new Set(keys.map(({ key }) => key)).size).toBe(200);
  });
});

describe('createKeyLookup', () => {
  it('finds a key by its digest and mirrors it on the way', async () => {
    const { create, lookup, mirrored } = setUp();
    const { stored } = await create();
    const record = await lookup.find(stored.digest);
    expect(record).toEqual({
      tenantId: 'shop',
      keyId: stored.keyId,
      userId: 'user-1',
      scopes: ['inference'],
      cache: true,
      policyVersion: 1,
      limits: { requestsPerMinute: 600 },
      configVersion: 'v1',
    });
    expect(mirrored.get(stored.digest)).toEqual(record);
  });

  it("replaces the default limits by the key's own as a whole", async () => {
    const { create, lookup } = setUp();
    const { stored } = await create({ requestsPerMinute: 3 });
    expect(await lookup.find(stored.digest)).toMatchObject({ limits: { requestsPerMinute: 3 } });
  });

  it('knows nothing of other digests, and mirrors nothing for them', async () => {
    const { lookup, mirrored } = setUp();
    expect(await lookup.find('0'.repeat(64))).toBeUndefined();
    expect(mirrored.size).toBe(0);
  });

  it('finds a key while the mirror is away', async () => {
    const { create, store } = setUp();
    const failures: unknown[] = [];
    const lookup = createKeyLookup({
      store,
      mirror: { publish: async () => Promise.reject(new Error('away')) },
      defaultLimits: {},
      configVersion: 'v1',
      onMirrorFailure: (cause) => failures.push(cause),
    });
    const { stored } = await create();
    expect(await lookup.find(stored.digest)).toMatchObject({ keyId: stored.keyId });
    await lookup.publishAll();
    expect(failures).toHaveLength(2);
  });

  it('publishes every key', async () => {
    const { create, lookup, mirrored } = setUp();
    await Promise.all([create(), create(), create()]);
    await lookup.publishAll();
    expect(mirrored.size).toBe(3);
  });
});
