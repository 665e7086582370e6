import { describe, expect, it } from 'vitest';
import { microUsd } from '../../../../core/contract/money.ts';
import { mirroredKey, type Surroundings } from '../../../../core/identity/key-record.ts';
import type { StoredTenant } from '../../../../core/identity/key-store.ts';
import { aKey, tenantId } from '../../../support/a-key.ts';

const around = (fields: Partial<Surroundings> = {}): Surroundings => ({
  defaultLimits: { requestsPerMinute: 600 },
  configVersion: 'v1',
  tenant: undefined,
  everyone: undefined,
  ...fields,
});

const shop: StoredTenant = {
  tenantId: tenantId('shop'),
  limits: { tokensPerMinute: 9 },
  budgets: [{ period: 'month', limitMicroUsd: microUsd(100) }],
  cacheVersion: 2,
  namespaceVersions: [{ namespace: 'drafts', version: 1 }],
  version: 3,
};

const { digest } = aKey();

describe('a key as the edge knows it', () => {
  it('has the policy of the key and nothing of how it is stored', () => {
    expect(mirroredKey(aKey(), digest, around()).record).toEqual({
      tenantId: 'shop',
      keyId: 'abcdefgh1234',
      userId: 'user-1',
      scopes: ['inference'],
      cache: true,
      policyVersion: 1,
      limits: { requestsPerMinute: 600 },
      tenantLimits: {},
      budgets: [],
      configVersion: 'v1',
      cacheVersion: 0,
      namespaceVersions: [],
    });
  });

  it('has its own limits in place of all the default ones', () => {
    const { record } = mirroredKey(aKey({ limits: { requestsPerDay: 3 } }), digest, around());
    expect(record).toMatchObject({ limits: { requestsPerDay: 3 } });
    expect(record).not.toHaveProperty('limits.requestsPerMinute');
  });

  it("says whose each budget is, and has its tenant's limits beside its own", () => {
    const key = aKey({ budgets: [{ period: 'day', limitMicroUsd: microUsd(5) }] });
    expect(mirroredKey(key, digest, around({ tenant: shop })).record).toMatchObject({
      tenantLimits: { tokensPerMinute: 9 },
      budgets: [
        { scope: 'key', period: 'day', limitMicroUsd: 5 },
        { scope: 'tenant', period: 'month', limitMicroUsd: 100 },
      ],
    });
  });

  it('adds up what was forgotten for its tenant and for everyone', () => {
    const everyone: StoredTenant = {
      tenantId: '*',
      cacheVersion: 5,
      namespaceVersions: [{ namespace: 'drafts', version: 4 }],
      version: 9,
    };
    expect(mirroredKey(aKey(), digest, around({ tenant: shop, everyone }))).toMatchObject({
      revision: 1 + 3 + 9,
      record: {
        cacheVersion: 7,
        namespaceVersions: [
          { namespace: 'drafts', version: 1 },
          { namespace: 'drafts', version: 4 },
        ],
      },
    });
  });

  it.each([
    ['a revoked key', aKey({ revokedAt: 8 }), digest],
    ['a digest that it no longer has', aKey(), 'f'.repeat(64)],
  ])('is refused for %s', (_, key, asked) => {
    expect(mirroredKey(key, asked, around()).record).toBe('refused');
  });

  it.each([
    ['the overlap', undefined, 50],
    ['its own end, if that is sooner', 40, 40],
    ['the overlap, if that is sooner', 60, 50],
  ])('ends for the digest before a rotation with %s', (_, expiresAt, expected) => {
    const previous = { digest: 'b'.repeat(64), until: 50 };
    const key = aKey({ previous, ...(expiresAt !== undefined && { expiresAt }) });
    expect(mirroredKey(key, previous.digest, around()).record).toMatchObject({
      expiresAt: expected,
    });
    const { record } = mirroredKey(key, digest, around());
    expect(record).toEqual(expect.objectContaining(expiresAt === undefined ? {} : { expiresAt }));
  });
});
