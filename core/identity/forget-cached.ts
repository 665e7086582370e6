/** Forgets cached answers by raising the version in their keys. */
import type { StoredTenant } from './key-store.ts';

/** A record carries each of them to every request; past so many, the whole cache is forgotten instead. */
const MAX_NAMESPACES = 50;

/** Everything that the tenant has in the cache, or what it has in one namespace. */
export function forgetCached(tenant: StoredTenant, namespace?: string): StoredTenant {
  const others = tenant.namespaceVersions.filter((entry) => entry.namespace !== namespace);
  const known = tenant.namespaceVersions.find((entry) => entry.namespace === namespace);
  if (namespace === undefined || others.length >= MAX_NAMESPACES) {
    // A version of the whole that was never there: what namespaces add to it may begin again.
    return { ...tenant, cacheVersion: tenant.cacheVersion + 1, namespaceVersions: [] };
  }
  const raised = { namespace, version: (known?.version ?? 0) + 1 };
  return { ...tenant, namespaceVersions: [...others, raised] };
}
