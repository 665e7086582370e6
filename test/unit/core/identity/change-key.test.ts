import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../../../core/contract/api-key.ts';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import {
  changeKey,
  changeTenant,
  revokeKey,
  rotateKey,
} from '../../../../core/identity/change-key.ts';
import { createKeyDirectory } from '../../../../core/identity/key-directory.ts';
import { aKey, keyId, tenantId } from '../../../support/a-key.ts';
import { createInMemoryKeyMirror } from '../../../support/in-memory-key-mirror.ts';
import {
  createInMemoryKeyStore,
  createInMemoryTenantStore,
} from '../../../support/in-memory-key-store.ts';

async function setUp() {
  const keyStore = createInMemoryKeyStore();
  const tenants = createInMemoryTenantStore();
  const mirror = createInMemoryKeyMirror();
  const onMirrorFailure = () => undefined;
  const context = { defaultLimits: {}, configVersion: 'v1', onMirrorFailure };
  await keyStore.create(aKey());
  return {
    keyStore,
    tenants,
    mirror,
    keys: createKeyDirectory({ store: keyStore, tenants, mirror, ...context }),
    digestKey: createKeyedDigest(crypto.subtle, 'pepper-of-the-tests'),
    keyEnvironment: 'test',
    randomBytes,
    now: () => 1_000,
  };
}

const id = aKey().keyId;

describe('a change of a key', () => {
  it('raises its version and is in the mirror before it is answered', async () => {
    const deps = await setUp();
    const { changed } = await changeKey(id, (key) => ({ ...key, scopes: ['mcp'] }), deps);
    expect(changed.policyVersion).toBe(2);
    expect(deps.mirror.copies.get(changed.digest)?.record).toMatchObject({ scopes: ['mcp'] });
  });

  it('keeps what others change at the same time', async () => {
    const deps = await setUp();
    await Promise.all([
      changeKey(id, (key) => ({ ...key, name: 'Renamed' }), deps),
      changeKey(id, (key) => ({ ...key, cache: false }), deps),
    ]);
    expect(await deps.keyStore.findById(id)).toMatchObject({
      name: 'Renamed',
      cache: false,
      policyVersion: 3,
    });
  });

  it.each([
    ['is not there', keyId('nobody00'), 'There is no key "nobody00".'],
    ['is revoked', id, 'revoked'],
  ])('is refused for a key that %s', async (_, which, message) => {
    const deps = await setUp();
    await revokeKey(id, deps);
    const change = changeKey(which, (key) => key, deps);
    await expect(change).rejects.toMatchObject({
      code: 'resource_not_found',
      message: expect.stringContaining(message),
    });
  });
});

describe('revoking', () => {
  it('refuses the key to the edge, in the store and in the mirror', async () => {
    const deps = await setUp();
    const { changed } = await revokeKey(id, deps);
    expect(changed.revokedAt).toBe(1_000);
    expect(await deps.keys.find(changed.digest, () => undefined)).toBeUndefined();
    expect(deps.mirror.copies.get(changed.digest)?.record).toBe('refused');
  });

  it('says that the mirror was away, and tells it when asked again', async () => {
    const deps = await setUp();
    const { publish } = deps.mirror;
    deps.mirror.publish = () => Promise.reject(new Error('away'));
    const first = await revokeKey(id, deps);
    deps.mirror.publish = publish;
    const second = await revokeKey(id, deps);
    expect([first.isMirrored, second.isMirrored]).toEqual([false, true]);
    expect(second.changed).toEqual(first.changed);
    expect(deps.mirror.copies.get(first.changed.digest)?.record).toBe('refused');
  });
});

describe('rotating', () => {
  it('makes a new secret for the same key, and ends the one before it at once', async () => {
    const deps = await setUp();
    const { changed } = await rotateKey({ keyId: id, overlapMs: 0 }, deps);
    expect(apiKeyId(changed.key)).toBe(id);
    const known = (digest: string) => deps.keys.find(digest, () => undefined);
    expect(await known(await deps.digestKey(changed.key))).toMatchObject({ keyId: id });
    expect(await known(aKey().digest)).toBeUndefined();
    expect(deps.mirror.copies.get(aKey().digest)?.record).toBe('refused');
  });

  it('lets the one before it live through the overlap, and only that one', async () => {
    const deps = await setUp();
    const first = await rotateKey({ keyId: id, overlapMs: 500 }, deps);
    const second = await rotateKey({ keyId: id, overlapMs: 500 }, deps);
    const known = (digest: string) => deps.keys.find(digest, () => undefined);
    expect(await known(second.changed.stored.digest)).not.toHaveProperty('expiresAt');
    expect(await known(first.changed.stored.digest)).toMatchObject({ expiresAt: 1_500 });
    expect(await known(aKey().digest)).toBeUndefined();
  });
});

describe('a change of a tenant', () => {
  it('reaches the mirror of all its keys before it is answered', async () => {
    const deps = await setUp();
    const shop = tenantId('shop');
    const change = (limits: object) =>
      changeTenant(shop, (tenant) => ({ ...tenant, limits }), deps);
    await Promise.all([change({ requestsPerDay: 1 }), change({ requestsPerDay: 1 })]);
    expect(await deps.tenants.find(shop)).toMatchObject({ version: 2 });
    expect(deps.mirror.copies.get(aKey().digest)?.record).toMatchObject({
      tenantLimits: { requestsPerDay: 1 },
    });
  });
});
