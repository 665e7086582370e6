import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forgetCached } from '../../../../core/identity/forget-cached.ts';
import type { StoredTenant } from '../../../../core/identity/key-store.ts';

const nothing: StoredTenant = { tenantId: '*', cacheVersion: 0, namespaceVersions: [], version: 1 };

/** What of the tenant's versions stands in the key of an answer in this namespace. */
const versionOf = ({ cacheVersion, namespaceVersions }: StoredTenant, namespace: string) =>
  `${cacheVersion}/${namespaceVersions.find((entry) => entry.namespace === namespace)?.version ?? 0}`;

const namespaces = Array.from({ length: 60 }, (_, n) => `ns-${n}`);

it('makes every answer unfindable that it is for, and never finds one again', () => {
  const purge = fc.option(fc.constantFrom(...namespaces), { nil: undefined });
  fc.assert(
    fc.property(fc.array(purge, { maxLength: 200 }), (purges) => {
      const seen = new Map(namespaces.map((name) => [name, new Set([versionOf(nothing, name)])]));
      let tenant = nothing;
      for (const purged of purges) {
        tenant = forgetCached(tenant, purged);
        for (const name of purged === undefined ? namespaces : [purged]) {
          expect(seen.get(name)?.has(versionOf(tenant, name))).toBe(false);
        }
        for (const name of namespaces) seen.get(name)?.add(versionOf(tenant, name));
      }
    }),
  );
});

it('leaves the other namespaces alone, and what is in none', () => {
  const after = forgetCached(forgetCached(nothing, 'a'), 'b');
  expect([versionOf(after, 'a'), versionOf(after, 'b'), versionOf(after, 'c')]).toEqual([
    '0/1',
    '0/1',
    '0/0',
  ]);
});

it('keeps a record small: the namespace after the fiftieth takes all with it', () => {
  const many = namespaces.slice(0, 50).reduce<StoredTenant>(forgetCached, nothing);
  expect(many.namespaceVersions).toHaveLength(50);
  expect(forgetCached(many, 'ns-3').namespaceVersions).toHaveLength(50);
  expect(forgetCached(many, 'one-more')).toMatchObject({ cacheVersion: 1, namespaceVersions: [] });
});
