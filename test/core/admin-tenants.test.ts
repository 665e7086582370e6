import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../../core/contract/principal.ts';
import { startChatCore, whole } from '../support/chat-core.ts';
import { operate } from '../support/operate.ts';

async function start() {
  const core = await startChatCore(whole);
  const admin = operate(core);
  return {
    ...core,
    admin,
    newKey: async (tenant: string): Promise<string> =>
      (await admin('POST', '/keys', { name: 'x', tenant })).body.id,
    mirrored: (id: string): KeyRecord | undefined => {
      const records = [...core.mirror.copies.values()].map(({ record }) => record);
      return records.find((record) => record !== 'refused' && record.keyId === id) as KeyRecord;
    },
  };
}

const policy = {
  limits: { tokensPerMinute: 9, maxConcurrency: 2 },
  budgets: [{ period: 'month', limitUsd: '100' }],
};

describe('/admin/tenants/{id}', () => {
  it('sets what all keys of the tenant share, and has the edge know before it answers', async () => {
    await using core = await start();
    const [ours, other] = [await core.newKey('shop'), await core.newKey('other')];
    const { status, body } = await core.admin('PUT', '/tenants/shop', policy);
    expect([status, body]).toEqual([200, { id: 'shop', ...policy }]);
    expect((await core.admin('GET', '/tenants/shop')).body).toEqual(body);
    expect(core.mirrored(ours)).toMatchObject({
      tenantLimits: policy.limits,
      budgets: [{ scope: 'tenant', period: 'month', limitMicroUsd: 100_000_000 }],
      policyVersion: 1,
    });
    expect(core.mirrored(other)).toBeUndefined();
  });

  it('replaces all of it: what is left out is gone', async () => {
    await using core = await start();
    await core.admin('PUT', '/tenants/shop', policy);
    const { body } = await core.admin('PUT', '/tenants/shop', {});
    expect(body).toEqual({ id: 'shop', limits: {}, budgets: [] });
  });

  it('needs no making: a tenant is there once a key names it', async () => {
    await using core = await start();
    const { status, body } = await core.admin('GET', '/tenants/new');
    expect([status, body]).toEqual([200, { id: 'new', limits: {}, budgets: [] }]);
  });

  it.each([
    ['/tenants/shop', { models: [] }, 'unknown_field', 'models'],
    ['/tenants/shop', { limits: { foo: 1 } }, 'unknown_field', 'limits.foo'],
    ['/tenants/Shop', {}, 'invalid_parameter', 'id'],
    ['/tenants/*', {}, 'invalid_parameter', 'id'],
  ])('refuses PUT %s %j', async (path, given, code, param) => {
    await using core = await start();
    const { body } = await core.admin('PUT', path, given);
    expect(body.error).toMatchObject({ code, param });
  });
});

describe('DELETE /admin/cache', () => {
  it.each([
    ['', { shop: [1, []], other: [1, []] }],
    ['?tenant=shop', { shop: [1, []], other: [0, []] }],
    ['?tenant=shop&namespace=a', { shop: [0, [{ namespace: 'a', version: 1 }]], other: [0, []] }],
    [
      '?namespace=a',
      {
        shop: [0, [{ namespace: 'a', version: 1 }]],
        other: [0, [{ namespace: 'a', version: 1 }]],
      },
    ],
  ])('%s raises the versions in the keys of what it is for', async (query, expected) => {
    await using core = await start();
    const ids = { shop: await core.newKey('shop'), other: await core.newKey('other') };
    for (const tenant of ['shop', 'other']) await core.admin('PUT', `/tenants/${tenant}`, {});
    expect((await core.admin('DELETE', `/cache${query}`)).status).toBe(200);
    const versions = Object.entries(ids).map(([tenant, id]) => {
      const record = core.mirrored(id);
      return [tenant, [record?.cacheVersion, record?.namespaceVersions]];
    });
    expect(Object.fromEntries(versions)).toEqual(expected);
  });

  it.each(['?tenant=A', '?namespace=', '?namespace=a%20b', '?all=true'])(
    'refuses %s',
    async (query) => {
      await using core = await start();
      expect((await core.admin('DELETE', `/cache${query}`)).status).toBe(400);
    },
  );

  it('keeps what is set for the tenant', async () => {
    await using core = await start();
    await core.admin('PUT', '/tenants/shop', policy);
    await core.admin('DELETE', '/cache?tenant=shop');
    expect((await core.admin('GET', '/tenants/shop')).body).toMatchObject(policy);
  });
});
