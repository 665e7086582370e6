import { digestsOf } from '../../core/identity/key-record.ts';
import type {
  KeyStore,
  StoredKey,
  StoredTenant,
  TenantStore,
} from '../../core/identity/key-store.ts';

export function createInMemoryKeyStore(): KeyStore {
  const keys = new Map<string, StoredKey>();
  return {
    findById: async (keyId) => keys.get(keyId),
    findByDigest: async (digest) =>
      [...keys.values()].find((key) => digestsOf(key).includes(digest)),
    async create(key) {
      if (keys.has(key.keyId)) throw new Error('There is a key with this id already.');
      keys.set(key.keyId, key);
    },
    async replace(key) {
      if (keys.get(key.keyId)?.policyVersion !== key.policyVersion - 1) return false;
      keys.set(key.keyId, key);
      return true;
    },
    async list({ tenantId, after, limit }) {
      return [...keys.values()]
        .filter((key) => tenantId === undefined || key.tenantId === tenantId)
        .filter((key) => !after || placeOf(key) > placeOf(after))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
        .slice(0, limit);
    },
  };
}

const placeOf = ({ tenantId, keyId }: Pick<StoredKey, 'tenantId' | 'keyId'>): string =>
  `${tenantId}#${keyId}`;

export function createInMemoryTenantStore(): TenantStore {
  const tenants = new Map<string, StoredTenant>();
  return {
    find: async (tenantId) => tenants.get(tenantId),
    async replace(tenant) {
      if ((tenants.get(tenant.tenantId)?.version ?? 0) !== tenant.version - 1) return false;
      tenants.set(tenant.tenantId, tenant);
      return true;
    },
    list: async () =>
      [...tenants.values()]
        .filter(({ tenantId }) => tenantId !== '*')
        .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1)),
  };
}
