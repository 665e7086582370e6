import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../core/contract/api-key.ts';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { startChatCore, whole } from '../support/chat-core.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { operate } from '../support/operate.ts';

async function start() {
  const core = await startChatCore(whole);
  const digest = createKeyedDigest(crypto.subtle, core.edgeSecrets.KEY_PEPPER);
  const known = async (key: string) => {
    const path = `/internal/keys/${await digest(key)}`;
    return core.fetch(path, {}, { kind: 'edge' });
  };
  return {
    ...core,
    admin: operate(core),
    /** As the edge learns of a key when its mirror does not know it. */
    recordOf: async (key: string) => {
      const response = await known(key);
      return response.ok ? response.json() : response.status;
    },
    mirrored: async (key: string) => core.mirror.copies.get(await digest(key))?.record,
  };
}

const full = {
  name: 'Shop front',
  tenant: 'shop',
  userId: 'ann',
  scopes: ['inference'],
  models: ['smart'],
  limits: { requestsPerMinute: 3, tokensPerMinute: 1_000, maxConcurrency: 2 },
  budgets: [
    { period: 'day', limitUsd: '12.5' },
    { period: 'total', limitUsd: '0.000001' },
  ],
  cache: false,
  logContent: true,
  expiresAt: '2999-01-01T00:00:00.000Z',
};

describe('POST /admin/keys', () => {
  it('shows the key this once, and never its digest', async () => {
    await using core = await start();
    const { status, body } = await core.admin('POST', '/keys', full);
    expect(status).toBe(201);
    expect(apiKeyId(body.key)).toBe(body.id);
    expect(body).toMatchObject(full);
    const later = [
      await core.admin('GET', `/keys/${body.id}`),
      await core.admin('GET', '/keys'),
      await core.admin('PATCH', `/keys/${body.id}`, { name: 'Renamed' }),
      await core.admin('DELETE', `/keys/${body.id}`),
    ];
    const secret = body.key.split('_')[3];
    for (const answer of [body, ...later]) expect(answer).not.toHaveProperty('digest');
    expect(JSON.stringify(later)).not.toContain(secret);
    expect(JSON.stringify(later)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('gives the edge all that was set', async () => {
    await using core = await start();
    const { body } = await core.admin('POST', '/keys', full);
    expect(await core.recordOf(body.key)).toMatchObject({
      tenantId: 'shop',
      userId: 'ann',
      scopes: ['inference'],
      models: ['smart'],
      limits: full.limits,
      budgets: [
        { scope: 'key', period: 'day', limitMicroUsd: 12_500_000 },
        { scope: 'key', period: 'total', limitMicroUsd: 1 },
      ],
      cache: false,
      logContent: true,
      expiresAt: Date.parse(full.expiresAt),
    });
  });

  it("is for the operator's own tenant, applications and the default limits unless it says otherwise", async () => {
    await using core = await start();
    const { body } = await core.admin('POST', '/keys', { name: 'Mine' });
    expect(body).toMatchObject({
      tenant: PRINCIPAL.tenantId,
      userId: 'Mine',
      scopes: ['inference', 'mcp'],
      cache: true,
      logContent: false,
    });
    expect(body).not.toHaveProperty('limits');
    expect(await core.recordOf(body.key)).toMatchObject({ limits: { requestsPerMinute: 600 } });
  });

  const budget = (limitUsd: unknown) => ({ name: 'a', budgets: [{ period: 'day', limitUsd }] });
  it.each([
    ['no name', { tenant: 'shop' }, 'invalid_parameter', 'name'],
    ['an unknown limit', { name: 'a', limits: { foo: 1 } }, 'unknown_field', 'limits.foo'],
    [
      'a time that has passed',
      { name: 'a', expiresAt: '2020-01-01T00:00:00Z' },
      'invalid_parameter',
      'expiresAt',
    ],
    ['an unknown field', { name: 'a', tenant: 'shop', admin: true }, 'unknown_field', 'admin'],
    [
      'an unknown scope',
      { name: 'a', tenant: 'shop', scopes: ['root'] },
      'invalid_parameter',
      'scopes.0',
    ],
    ['a tenant that is a path', { name: 'a', tenant: '../b' }, 'invalid_parameter', 'tenant'],
    ['money as a number', budget(12.5), 'invalid_parameter', 'budgets.0.limitUsd'],
    ['less than a micro-dollar', budget('0.0000001'), 'invalid_parameter', 'budgets.0.limitUsd'],
    ['negative money', budget('-1'), 'invalid_parameter', 'budgets.0.limitUsd'],
    [
      'two budgets of one period',
      { name: 'a', budgets: ['1', '2'].map((limitUsd) => ({ period: 'day', limitUsd })) },
      'invalid_parameter',
      'budgets',
    ],
  ])('refuses %s', async (_, given, code, param) => {
    await using core = await start();
    const { status, body } = await core.admin('POST', '/keys', given);
    expect([status, body.error.code, body.error.param]).toEqual([400, code, param]);
  });
});

describe('GET /admin/keys', () => {
  it('lists every key once, page by page, those of a tenant together', async () => {
    await using core = await start();
    for (const tenant of ['b', 'a', 'b', 'a', 'c']) {
      await core.admin('POST', '/keys', { name: 'x', tenant });
    }
    const tenants: string[] = [];
    let cursor = '';
    do {
      const { body } = await core.admin('GET', `/keys?limit=2${cursor && `&cursor=${cursor}`}`);
      tenants.push(...body.data.map((key: { tenant: string }) => key.tenant));
      cursor = body.cursor;
    } while (cursor);
    expect(tenants).toEqual(['a', 'a', 'b', 'b', 'c']);
    const { body } = await core.admin('GET', '/keys?tenant=b');
    expect(body.data).toHaveLength(2);
  });

  it('refuses the cursor of another list', async () => {
    await using core = await start();
    for (const tenant of ['a', 'b']) await core.admin('POST', '/keys', { name: 'x', tenant });
    const { body } = await core.admin('GET', '/keys?limit=1');
    const other = await core.admin('GET', `/keys?tenant=b&cursor=${body.cursor}`);
    const junk = await core.admin('GET', '/keys?cursor=x');
    expect([other.status, junk.status]).toEqual([400, 400]);
  });

  it.each(['nobody00', 'x', '..', 'a'.repeat(200)])('knows no key "%s"', async (id) => {
    await using core = await start();
    for (const [method, path] of [
      ['GET', `/keys/${id}`],
      ['PATCH', `/keys/${id}`],
      ['DELETE', `/keys/${id}`],
      ['POST', `/keys/${id}/rotate`],
    ] as const) {
      if (id === '..') continue;
      const { status, body } = await core.admin(method, path, method === 'GET' ? undefined : {});
      expect([method, status, body.error.code]).toEqual([method, 404, 'resource_not_found']);
    }
  });
});

describe('PATCH /admin/keys/{id}', () => {
  it('changes what it names, leaves the rest, and is with the edge when it answers', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const change = { scopes: ['mcp'], budgets: [{ period: 'month', limitUsd: '3' }] };
    const { body } = await core.admin('PATCH', `/keys/${made.id}`, change);
    const { key: _, ...before } = made;
    expect(body).toEqual({ ...before, ...change, policyVersion: 2 });
    expect(await core.mirrored(made.key)).toMatchObject({ scopes: ['mcp'], policyVersion: 2 });
  });

  it('changes limits one by one, and takes away with null', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const change = { limits: { requestsPerMinute: null, burstLimit: 7 }, models: null };
    const { body } = await core.admin('PATCH', `/keys/${made.id}`, { ...change, expiresAt: null });
    expect(body.limits).toEqual({ burstLimit: 7, tokensPerMinute: 1_000, maxConcurrency: 2 });
    expect(body).not.toHaveProperty('models');
    expect(body).not.toHaveProperty('expiresAt');
    const back = await core.admin('PATCH', `/keys/${made.id}`, { limits: null, budgets: null });
    expect(back.body).not.toHaveProperty('limits');
    expect(await core.recordOf(made.key)).toMatchObject({
      limits: { requestsPerMinute: 600 },
      budgets: [],
    });
  });

  it('begins with the limits in force where a key has none of its own', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', { name: 'x' });
    const { body } = await core.admin('PATCH', `/keys/${made.id}`, { limits: { burstLimit: 1 } });
    expect(body.limits).toMatchObject({ requestsPerMinute: 600, burstLimit: 1 });
  });

  it.each([
    [{ tenant: 'other' }, 'unknown_field', 'tenant'],
    [{ name: null }, 'invalid_parameter', 'name'],
    [{ scopes: [] }, 'invalid_parameter', 'scopes'],
    [{ limits: { requestsPerMinute: 0 } }, 'invalid_parameter', 'limits.requestsPerMinute'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'invalid_parameter', 'expiresAt'],
  ])('refuses %j', async (change, code, param) => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const { body } = await core.admin('PATCH', `/keys/${made.id}`, change);
    expect(body.error).toMatchObject({ code, param });
  });
});

describe('DELETE /admin/keys/{id}', () => {
  it('ends the key for the edge before it answers, and keeps it to be looked at', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const { status, body, degraded } = await core.admin('DELETE', `/keys/${made.id}`);
    expect([status, degraded]).toEqual([200, null]);
    expect(body.revokedAt).toBeDefined();
    expect(await core.recordOf(made.key)).toBe(404);
    expect(await core.mirrored(made.key)).toBe('refused');
    expect((await core.admin('GET', `/keys/${made.id}`)).body).toEqual(body);
    expect((await core.admin('DELETE', `/keys/${made.id}`)).body).toEqual(body);
    expect((await core.admin('PATCH', `/keys/${made.id}`, {})).status).toBe(404);
  });

  it('says so when the mirror could not be told', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const { publish } = core.mirror;
    core.mirror.publish = () => Promise.reject(new Error('away'));
    const first = await core.admin('DELETE', `/keys/${made.id}`);
    core.mirror.publish = publish;
    const second = await core.admin('DELETE', `/keys/${made.id}`);
    expect([first.status, first.degraded]).toEqual([200, 'key-mirror']);
    expect([second.status, second.degraded]).toEqual([200, null]);
  });
});

describe('POST /admin/keys/{id}/rotate', () => {
  it('shows a new key once, and ends the old one before it answers', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', full);
    const { status, body } = await core.admin('POST', `/keys/${made.id}/rotate`);
    expect(status).toBe(200);
    expect(body.id).toBe(made.id);
    expect(apiKeyId(body.key)).toBe(made.id);
    expect(await core.recordOf(body.key)).toMatchObject({ keyId: made.id, userId: 'ann' });
    expect(await core.recordOf(made.key)).toBe(404);
    expect(await core.mirrored(made.key)).toBe('refused');
  });

  it('lets both be used for as long as it is told', async () => {
    await using core = await start();
    const { body: made } = await core.admin('POST', '/keys', { name: 'x' });
    const rotation = { overlapSeconds: 3_600 };
    const { body } = await core.admin('POST', `/keys/${made.id}/rotate`, rotation);
    expect(await core.recordOf(body.key)).not.toHaveProperty('expiresAt');
    expect(await core.recordOf(made.key)).toMatchObject({
      expiresAt: Date.parse(body.overlapUntil),
    });
  });

  it.each([{ overlapSeconds: -1 }, { overlapSeconds: 999_999_999 }, { overlap: 1 }])(
    'refuses %j',
    async (rotation) => {
      await using core = await start();
      const { body: made } = await core.admin('POST', '/keys', { name: 'x' });
      expect((await core.admin('POST', `/keys/${made.id}/rotate`, rotation)).status).toBe(400);
    },
  );
});
