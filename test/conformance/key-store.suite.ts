import { describe, expect, it } from 'vitest';
import { microUsd } from '../../core/contract/money.ts';
import type { KeyStore, StoredTenant, TenantStore } from '../../core/identity/key-store.ts';
import { aKey, keyId, tenantId } from '../support/a-key.ts';

export function describeKeyStore(name: string, create: () => Promise<KeyStore>) {
  describe(`keys: ${name}`, () => {
    it('finds a key by its id and by its digest, with all that was stored', async () => {
      const store = await create();
      const key = aKey({
        limits: { requestsPerMinute: 3 },
        models: ['smart'],
        budgets: [{ period: 'day', limitMicroUsd: microUsd(5) }],
        expiresAt: 9,
      });
      await store.create(key);
      expect(await store.findById(key.keyId)).toEqual(key);
      expect(await store.findByDigest(key.digest)).toEqual(key);
      expect(await store.findById(keyId('nobody00'))).toBeUndefined();
      expect(await store.findByDigest('f'.repeat(64))).toBeUndefined();
    });

    it('makes no key over another', async () => {
      const store = await create();
      await store.create(aKey());
      await expect(store.create(aKey({ digest: 'b'.repeat(64) }))).rejects.toThrow('already');
      expect(await store.findById(aKey().keyId)).toEqual(aKey());
    });

    it('replaces only the version before, so that of two changes at once one is refused', async () => {
      const store = await create();
      await store.create(aKey());
      const changes = ['one', 'two'].map((changed) => aKey({ name: changed, policyVersion: 2 }));
      const results = await Promise.all(changes.map(store.replace));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await store.replace(aKey({ keyId: keyId('nobody00'), policyVersion: 2 }))).toBe(false);
    });

    it('finds a rotated key by both its digests', async () => {
      const store = await create();
      await store.create(aKey());
      const rotated = aKey({
        digest: 'b'.repeat(64),
        previous: { digest: aKey().digest, until: 9 },
        policyVersion: 2,
      });
      expect(await store.replace(rotated)).toBe(true);
      expect(await store.findByDigest('a'.repeat(64))).toEqual(rotated);
      expect(await store.findByDigest('b'.repeat(64))).toEqual(rotated);
    });

    it('lists page by page in the order of tenants and ids, each key once', async () => {
      const store = await create();
      const keys = ['beta', 'acme', 'acme-2', 'acme'].map((tenant, n) =>
        aKey({
          tenantId: tenantId(tenant),
          keyId: keyId(`key0000${n}`),
          digest: String(n).repeat(64),
        }),
      );
      for (const key of keys) await store.create(key);
      const first = await store.list({ limit: 3 });
      const [after] = first.slice(-1);
      const second = await store.list({ limit: 3, ...(after && { after }) });
      const seen = [...first, ...second].map((key) => [key.tenantId, key.keyId]);
      expect(new Set(seen.map(String)).size).toBe(4);
      expect(first).toHaveLength(3);
      const ofOne = await store.list({ tenantId: tenantId('acme'), limit: 9 });
      expect(ofOne.map((key) => key.keyId)).toEqual(['key00001', 'key00003']);
      const [page] = ofOne;
      const rest = await store.list({
        tenantId: tenantId('acme'),
        limit: 9,
        ...(page && { after: page }),
      });
      expect(rest.map((key) => key.keyId)).toEqual(['key00003']);
    });
  });
}

export function describeTenantStore(name: string, create: () => Promise<TenantStore>) {
  const tenant = (fields: Partial<StoredTenant> = {}): StoredTenant => ({
    tenantId: tenantId('shop'),
    cacheVersion: 0,
    namespaceVersions: [],
    version: 1,
    ...fields,
  });

  describe(`tenants: ${name}`, () => {
    it('keeps what is set for a tenant, and for all of them', async () => {
      const store = await create();
      const shop = tenant({
        limits: { tokensPerMinute: 5 },
        budgets: [{ period: 'month', limitMicroUsd: microUsd(1) }],
        namespaceVersions: [{ namespace: '__proto__', version: 2 }],
      });
      expect(await store.replace(shop)).toBe(true);
      expect(await store.replace(tenant({ tenantId: '*', cacheVersion: 4 }))).toBe(true);
      expect(await store.find(tenantId('shop'))).toEqual(shop);
      expect(await store.find('*')).toMatchObject({ cacheVersion: 4 });
      expect(await store.find(tenantId('other'))).toBeUndefined();
      const acme = tenant({ tenantId: tenantId('acme') });
      await store.replace(acme);
      expect(await store.list()).toEqual([acme, shop]);
    });

    it('takes one of two changes at once', async () => {
      const store = await create();
      const results = await Promise.all([store.replace(tenant()), store.replace(tenant())]);
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await store.replace(tenant({ version: 3 }))).toBe(false);
      expect(await store.replace(tenant({ version: 2 }))).toBe(true);
    });
  });
}
