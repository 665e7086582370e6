import { describe, expect, it } from 'vitest';
import { microUsd } from '../../core/contract/money.ts';
import { aPrincipal, closedAt, costing } from '../support/a-row.ts';
import { startChatCore, whole } from '../support/chat-core.ts';
import { operate } from '../support/operate.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** The rows of `a-row.ts` lie on this day and the one before it. */
const NOW = Date.parse('2026-03-02T12:00:00.000Z');

async function start() {
  const core = await startChatCore(whole, {}, createVirtualClock(NOW));
  const admin = operate(core);
  const newKey = async (tenant: string, limitUsd?: string): Promise<string> => {
    const budgets = limitUsd && { budgets: [{ period: 'month', limitUsd }] };
    return (await admin('POST', '/keys', { name: 'x', tenant, ...budgets })).body.id;
  };
  const spend = (n: number, keyId: string, amount: number) =>
    core.log.record(closedAt(n, costing(amount), { principal: aPrincipal({ keyId }) }));
  return { ...core, admin, newKey, spend };
}

describe('GET /admin/budgets', () => {
  it('says of every budget what is spent of it, and when it renews', async () => {
    await using core = await start();
    const key = await core.newKey('shop', '1');
    await core.newKey('shop');
    await core.admin('PUT', '/tenants/shop', { budgets: [{ period: 'day', limitUsd: '5' }] });
    await core.admin('PUT', '/tenants/idle', { budgets: [{ period: 'total', limitUsd: '7' }] });
    await core.spend(0, key, 100);
    await core.spend(5, key, 20);
    await core.spend(6, 'otherkey', 3);
    const { body } = await core.admin('GET', '/budgets');
    const nothing = { reservedUsd: null };
    expect(body.data).toEqual([
      {
        ...nothing,
        scope: 'tenant',
        id: 'idle',
        tenant: 'idle',
        period: 'total',
        limitUsd: '7',
        spentUsd: '0',
        renewsAt: null,
      },
      {
        ...nothing,
        scope: 'tenant',
        id: 'shop',
        tenant: 'shop',
        period: 'day',
        limitUsd: '5',
        spentUsd: '0.000023',
        renewsAt: '2026-03-03T00:00:00.000Z',
      },
      {
        ...nothing,
        scope: 'key',
        id: key,
        tenant: 'shop',
        period: 'month',
        limitUsd: '1',
        spentUsd: '0.00012',
        renewsAt: '2026-04-01T00:00:00.000Z',
      },
    ]);
    expect((await core.admin('GET', '/budgets?tenant=idle')).body.data).toHaveLength(1);
  });

  it('says what is reserved of it, as the store of reservations knows it', async () => {
    await using core = await start();
    const key = await core.newKey('shop', '1');
    core.budgetStore.read = async ({ keyId }) =>
      keyId === key
        ? [undefined, { spentMicroUsd: microUsd(0), reservedMicroUsd: microUsd(7_000) }]
        : [];
    const { body } = await core.admin('GET', '/budgets');
    expect(body.data).toMatchObject([{ period: 'month', reservedUsd: '0.007' }]);
  });

  it('still says what is spent while the store of reservations is away', async () => {
    await using core = await start();
    await core.newKey('shop', '1');
    core.budgetStore.read = () => Promise.reject(new Error('away'));
    const { status, body } = await core.admin('GET', '/budgets');
    expect([status, body.data.length, body.data[0].reservedUsd]).toEqual([200, 1, null]);
  });

  it('leaves out keys that are revoked', async () => {
    await using core = await start();
    await core.admin('DELETE', `/keys/${await core.newKey('shop', '1')}`);
    expect((await core.admin('GET', '/budgets')).body.data).toEqual([]);
  });
});

describe('GET /admin/usage', () => {
  it.each([
    ['groupBy=day', { '2026-03-01': [2, '0.0003'], '2026-03-02': [1, '0.0003'] }],
    ['groupBy=key', { aaaaaaaa: [1, '0.0001'], bbbbbbbb: [2, '0.0005'] }],
    ['groupBy=model&from=2026-03-02', { smart: [1, '0.0003'] }],
    ['groupBy=provider&to=2026-03-01', { up: [2, '0.0003'] }],
    ['groupBy=tenant', { shop: [3, '0.0006'] }],
    ['groupBy=tenant&tenant=other', {}],
    ['', { '2026-03-01': [2, '0.0003'], '2026-03-02': [1, '0.0003'] }],
  ])('means by ?%s %j', async (query, expected) => {
    await using core = await start();
    await core.spend(0, 'aaaaaaaa', 100);
    await core.spend(1, 'bbbbbbbb', 200);
    await core.spend(2, 'bbbbbbbb', 300);
    const { body } = await core.admin('GET', `/usage?${query}`);
    const groups = body.data.map((row: { group: string; requests: number; costUsd: string }) => [
      row.group,
      [row.requests, row.costUsd],
    ]);
    expect(Object.fromEntries(groups)).toEqual(expected);
  });

  it('counts tokens, hits and what they saved', async () => {
    await using core = await start();
    const hit = { ...closedAt(2), cache: 'HIT', savedMicroUsd: microUsd(40) } as const;
    await core.log.record(hit);
    await core.spend(3, 'aaaaaaaa', 100);
    const { body } = await core.admin('GET', '/usage?groupBy=tenant');
    expect(body).toMatchObject({
      groupBy: 'tenant',
      from: '2026-02-01',
      to: '2026-03-02',
      data: [
        {
          group: 'shop',
          requests: 2,
          inputTokens: 10,
          outputTokens: 5,
          costUsd: '0.0001',
          savedUsd: '0.00004',
          cacheHits: 1,
          errors: 0,
        },
      ],
    });
  });

  it.each([
    ['groupBy=user', 'groupBy'],
    ['from=2026-03-02T00:00:00Z', 'from'],
    ['from=2026-03-03&to=2026-03-02', 'from'],
    ['from=2020-01-01', 'from'],
  ])('refuses ?%s', async (query, param) => {
    await using core = await start();
    const { status, body } = await core.admin('GET', `/usage?${query}`);
    expect([status, body.error.param]).toEqual([400, param]);
  });
});
