import { describe, expect, it } from 'vitest';
import { createKeyDirectory } from '../../../../core/identity/key-directory.ts';
import { digestsOf } from '../../../../core/identity/key-record.ts';
import type { KeyMirror, StoredTenant } from '../../../../core/identity/key-store.ts';
import { aKey, keyId, tenantId } from '../../../support/a-key.ts';
import { createInMemoryKeyMirror } from '../../../support/in-memory-key-mirror.ts';
import {
  createInMemoryKeyStore,
  createInMemoryTenantStore,
} from '../../../support/in-memory-key-store.ts';

const inBackground = (work: Promise<unknown>) => void work;
const away = () => Promise.reject(new Error('away'));

function setUp(mirrorParts: Partial<KeyMirror> = {}) {
  const store = createInMemoryKeyStore();
  const tenants = createInMemoryTenantStore();
  const mirror = { ...createInMemoryKeyMirror(), ...mirrorParts };
  const failures: unknown[] = [];
  const directoryWith = (configVersion: string) =>
    createKeyDirectory({
      store,
      tenants,
      mirror,
      defaultLimits: { requestsPerMinute: 600 },
      configVersion,
      onMirrorFailure: (cause) => failures.push(cause),
    });
  return {
    store,
    tenants,
    failures,
    directoryWith,
    directory: directoryWith('v1'),
    mirrored: (digest = aKey().digest) => mirror.copies.get(digest)?.record,
    /** Keys of two tenants, more than are published at a time. */
    async createMany() {
      for (let n = 0; n < 250; n += 1) {
        const id = `key${String(n).padStart(5, '0')}`;
        const tenant = tenantId(n % 2 ? 'shop' : 'other');
        await store.create(aKey({ keyId: keyId(id), digest: id, tenantId: tenant }));
      }
    },
    mirroredIds: () => [...mirror.copies.keys()].sort(),
  };
}

const tenant = (fields: Partial<StoredTenant>): StoredTenant => ({
  tenantId: tenantId('shop'),
  cacheVersion: 0,
  namespaceVersions: [],
  version: 1,
  ...fields,
});

describe('a look-up', () => {
  it('finds a key by its digest and mirrors it on the way', async () => {
    const { store, directory, mirrored } = setUp();
    await store.create(aKey());
    const record = await directory.find(aKey().digest, inBackground);
    expect(record).toMatchObject({ keyId: aKey().keyId, limits: { requestsPerMinute: 600 } });
    expect(mirrored()).toEqual(record);
  });

  it('knows nothing of other digests, and mirrors nothing for them', async () => {
    const { directory, mirroredIds } = setUp();
    expect(await directory.find('0'.repeat(64), inBackground)).toBeUndefined();
    expect(mirroredIds()).toEqual([]);
  });

  it('finds no revoked key, and has the edge know', async () => {
    const { store, directory, mirrored } = setUp();
    await store.create(aKey({ revokedAt: 9 }));
    expect(await directory.find(aKey().digest, inBackground)).toBeUndefined();
    expect(mirrored()).toBe('refused');
  });

  it('finds a key while the mirror is away', async () => {
    const { store, directory, failures } = setUp({ publish: away });
    await store.create(aKey());
    const mirroring: Promise<unknown>[] = [];
    const found = await directory.find(aKey().digest, (work) => mirroring.push(work));
    expect(found).toMatchObject({ keyId: aKey().keyId });
    await Promise.all(mirroring);
    expect(failures).toHaveLength(1);
  });

  it('does not wait for a mirror that hangs', async () => {
    const { store, directory } = setUp({ publish: () => new Promise(() => {}) });
    await store.create(aKey());
    expect(await directory.find(aKey().digest, inBackground)).toBeDefined();
  });
});

describe('publishing a key', () => {
  it('tells of every digest that it has or had', async () => {
    const { directory, mirrored } = setUp();
    const before = aKey({ previous: { digest: 'c', until: 9 } });
    const after = aKey({ digest: 'b', previous: { digest: before.digest, until: 9 } });
    expect(await directory.publishKey(after, digestsOf(before))).toBe(true);
    expect([mirrored('b'), mirrored(before.digest), mirrored('c')]).toMatchObject([
      { keyId: after.keyId },
      { expiresAt: 9 },
      'refused',
    ]);
  });

  it('says when the mirror could not be told', async () => {
    const { directory, failures } = setUp({ publish: away });
    expect(await directory.publishKey(aKey(), [])).toBe(false);
    expect(failures).toHaveLength(1);
  });
});

describe('publishing a tenant', () => {
  it('tells of every key of the tenant, and of no other', async () => {
    const { createMany, tenants, directory, mirrored, mirroredIds } = setUp();
    await createMany();
    await tenants.replace(tenant({ limits: { tokensPerMinute: 5 } }));
    expect(await directory.publishTenant(tenantId('shop'))).toBe(true);
    expect(mirroredIds()).toHaveLength(125);
    expect(mirrored('key00249')).toMatchObject({ tenantLimits: { tokensPerMinute: 5 } });
  });

  it('tells of all keys when it is for everyone', async () => {
    const { createMany, tenants, directory, mirrored, mirroredIds } = setUp();
    await createMany();
    await tenants.replace(tenant({ tenantId: '*', cacheVersion: 3 }));
    await directory.publishTenant('*');
    expect(mirroredIds()).toHaveLength(250);
    expect(mirrored('key00248')).toMatchObject({ cacheVersion: 3 });
  });

  it('does not undo the revocation of a key that it has listed before', async () => {
    const { store, tenants, directoryWith, mirrored } = setUp();
    await store.create(aKey());
    const [listed] = await store.list({ limit: 1 });
    await store.replace(aKey({ revokedAt: 9, policyVersion: 2 }));
    store.list = async () => (listed ? [listed] : []);
    await tenants.replace(tenant({ limits: {} }));
    await directoryWith('v1').publishTenant(tenantId('shop'));
    expect(mirrored()).toBe('refused');
  });
});

describe('publishAll', () => {
  it('publishes every key once for each configuration', async () => {
    const { createMany, store, directory, directoryWith, mirrored, mirroredIds } = setUp();
    await createMany();
    await directory.publishAll();
    expect(mirroredIds()).toHaveLength(250);
    await store.create(aKey());
    await directory.publishAll();
    expect(mirroredIds()).toHaveLength(250);
    await directoryWith('v2').publishAll();
    expect(mirroredIds()).toHaveLength(251);
    expect(mirrored()).toMatchObject({ configVersion: 'v2' });
  });

  it('publishes all it can when one fails, tells it once, and tries again at the next start', async () => {
    const tried: string[] = [];
    const { createMany, directory, failures } = setUp({
      publish: async (digest) => {
        if (tried.push(digest) < 3) throw new Error('away');
      },
    });
    await createMany();
    await directory.publishAll();
    expect(new Set(tried).size).toBe(250);
    expect(failures).toHaveLength(1);
    await directory.publishAll();
    expect(tried).toHaveLength(500);
  });

  it('never rejects, whatever is away', async () => {
    const { directory, failures } = setUp({ configVersion: away });
    await directory.publishAll();
    expect(failures).toHaveLength(1);
  });
});
