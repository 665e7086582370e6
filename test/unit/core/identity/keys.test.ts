import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../../../core/contract/api-key.ts';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import { tenantIdSchema } from '../../../../core/contract/principal.ts';
import { createApiKey } from '../../../../core/identity/create-api-key.ts';
import { createKeyLookup } from '../../../../core/identity/key-lookup.ts';
import type { KeyMirror } from '../../../../core/identity/key-store.ts';
import { createInMemoryKeyMirror } from '../../../support/in-memory-key-mirror.ts';
import { createInMemoryKeyStore } from '../../../support/in-memory-key-store.ts';

const policy = {
  environment: 'test',
  name: 'Shop',
  tenantId: tenantIdSchema.parse('shop'),
  userId: 'user-1',
  scopes: ['inference' as const],
  cache: true,
};

const inBackground = (work: Promise<unknown>) => void work;

function setUp(mirrorParts: Partial<KeyMirror> = {}) {
  const store = createInMemoryKeyStore();
  const mirror = { ...createInMemoryKeyMirror(), ...mirrorParts };
  const digest = createKeyedDigest(crypto.subtle, 'pepper-of-the-tests');
  const failures: unknown[] = [];
  const lookupWith = (configVersion: string) =>
    createKeyLookup({
      store,
      mirror,
      defaultLimits: { requestsPerMinute: 600 },
      configVersion,
      onMirrorFailure: (cause) => failures.push(cause),
    });
  return {
    store,
    mirrored: mirror.records,
    failures,
    digest,
    create: (limits?: { requestsPerMinute: number }) =>
      createApiKey(
        { ...policy, ...(limits && { limits }) },
        { store, digest, randomBytes, now: () => 7 },
      ),
    lookup: lookupWith('v1'),
    lookupWith,
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

  it('draws every letter alike: a byte that would favour the first eight is drawn again', async () => {
    const { store, digest } = setUp();
    const drawn: number[] = [];
    const favouring = (count: number) => {
      // 248 to 255 are the bytes beyond four whole turns of the 62 letters.
      const bytes = Uint8Array.from({ length: count }, (_, n) => (n % 2 ? 248 + (n % 8) : 61));
      drawn.push(count);
      return bytes;
    };
    const { key } = await createApiKey(policy, {
      store,
      digest,
      randomBytes: favouring,
      now: () => 7,
    });
    expect(key).toMatch(/^gw_test_z{12}_z{43}_/);
    expect(drawn.length).toBeGreaterThan(2);
  });
});

describe('createKeyLookup', () => {
  it('finds a key by its digest and mirrors it on the way', async () => {
    const { create, lookup, mirrored } = setUp();
    const { stored } = await create();
    const record = await lookup.find(stored.digest, inBackground);
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
    expect(await lookup.find(stored.digest, inBackground)).toMatchObject({
      limits: { requestsPerMinute: 3 },
    });
  });

  it('knows nothing of other digests, and mirrors nothing for them', async () => {
    const { lookup, mirrored } = setUp();
    expect(await lookup.find('0'.repeat(64), inBackground)).toBeUndefined();
    expect(mirrored.size).toBe(0);
  });

  it('finds a key while the mirror is away', async () => {
    const { create, lookup, failures } = setUp({
      publish: () => Promise.reject(new Error('away')),
    });
    const { stored } = await create();
    const mirroring: Promise<unknown>[] = [];
    const found = await lookup.find(stored.digest, (work) => mirroring.push(work));
    expect(found).toMatchObject({ keyId: stored.keyId });
    await Promise.all(mirroring);
    expect(failures).toHaveLength(1);
  });

  it('does not wait for a mirror that hangs', async () => {
    const { create, lookup } = setUp({ publish: () => new Promise(() => {}) });
    const { stored } = await create();
    expect(await lookup.find(stored.digest, inBackground)).toBeDefined();
  });
});

describe('publishAll', () => {
  it('publishes every key once for each configuration', async () => {
    const { create, lookup, lookupWith, mirrored } = setUp();
    const { stored } = await create();
    await create();
    await lookup.publishAll();
    expect(mirrored.size).toBe(2);
    await create();
    await lookup.publishAll();
    expect(mirrored.size).toBe(2);
    await lookupWith('v2').publishAll();
    expect(mirrored.size).toBe(3);
    expect(mirrored.get(stored.digest)).toMatchObject({ configVersion: 'v2' });
  });

  it('publishes all it can when one fails, tells it once, and tries again at the next start', async () => {
    const tried: string[] = [];
    const { create, lookup, failures } = setUp({
      publish: async (digest) => {
        if (tried.push(digest) < 3) throw new Error('away');
      },
    });
    await Promise.all([create(), create(), create()]);
    await lookup.publishAll();
    expect(new Set(tried).size).toBe(3);
    expect(failures).toHaveLength(1);
    await lookup.publishAll();
    expect(tried).toHaveLength(6);
  });

  it('never rejects, whatever is away', async () => {
    const { lookup, failures } = setUp({
      configVersion: () => Promise.reject(new Error('away')),
    });
    await lookup.publishAll();
    expect(failures).toHaveLength(1);
  });
});
