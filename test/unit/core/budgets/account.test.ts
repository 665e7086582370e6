import { describe, expect, it } from 'vitest';
import {
  type Account,
  begin,
  EMPTY_ACCOUNT,
  learn,
  read,
  reserve,
  settle,
} from '../../../../core/budgets/account.ts';
import type { Reservation } from '../../../../core/budgets/budget-store.ts';
import { microUsd } from '../../../../core/contract/money.ts';

const NOW = Date.parse('2026-03-01T12:00:30Z');
const place = { tenantId: 'shop', keyId: 'abcdefgh', receivedAt: NOW };
const limit = (limitMicroUsd: number, scope: 'key' | 'tenant', period: 'day' | 'total') =>
  ({ scope, period, limitMicroUsd: microUsd(limitMicroUsd) }) as const;

let requests = 0;
const asking = (more: Partial<Reservation> = {}): Reservation => {
  requests += 1;
  return {
    ...place,
    requestId: `r${requests}`,
    now: NOW,
    budgets: [],
    limits: {},
    tenantLimits: {},
    costMicroUsd: microUsd(10),
    tokens: 10,
    endsAt: NOW + 1_000,
    expiresAt: NOW + 2_000,
    lifetimeMs: 2_000,
    learnedSince: NOW - 60_000,
    ...more,
  };
};

const knowing = (spent: number, since = 0): Account =>
  learn(begin(EMPTY_ACCOUNT, since), {
    ...place,
    now: NOW,
    lifetimeMs: 2_000,
    spent: Array(6).fill(microUsd(spent)),
  });

/** One after the other; the kinds of the replies. */
function kindsOf(account: Account, ...requests: readonly Reservation[]) {
  let state = account;
  return requests.map((request) => {
    const [next, { kind }] = reserve(state, request);
    state = next;
    return kind;
  });
}

describe('reserving', () => {
  it('takes up to the limit and not a micro-dollar more', () => {
    const budgets = [limit(25, 'key', 'day')];
    const kinds = kindsOf(
      knowing(0),
      ...[10, 10, 6, 5, 0, 1].map((cost) => asking({ budgets, costMicroUsd: microUsd(cost) })),
    );
    expect(kinds).toEqual([
      'admitted',
      'admitted',
      'over-budget',
      'admitted',
      'admitted',
      'over-budget',
    ]);
  });

  it('of two budgets the second of which refuses, leaves the first untouched', () => {
    const account = knowing(0);
    const budgets = [limit(100, 'key', 'day'), limit(9, 'tenant', 'total')];
    const [after, reply] = reserve(account, asking({ budgets, limits: { maxConcurrency: 1 } }));
    expect(reply).toMatchObject({ kind: 'over-budget', place: 5 });
    expect(after).toBe(account);
  });

  it.each([
    ['the tokens of the minute', { limits: { tokensPerMinute: 15 } }, 'over-tokens'],
    ['the tenant’s tokens', { tenantLimits: { tokensPerMinute: 15 } }, 'over-tokens'],
    ['the places', { limits: { maxConcurrency: 1 } }, 'over-concurrency'],
    ['the tenant’s places', { tenantLimits: { maxConcurrency: 1 } }, 'over-concurrency'],
  ] as const)('refuses when %s are taken', (_, limits, kind) => {
    expect(kindsOf(EMPTY_ACCOUNT, asking(limits), asking(limits))).toEqual(['admitted', kind]);
  });

  it('has tokens again in the next minute, and places when requests must have ended', () => {
    const limits = { limits: { tokensPerMinute: 10, maxConcurrency: 1 } };
    const later = { now: NOW + 30_000, receivedAt: NOW + 30_000 };
    expect(kindsOf(EMPTY_ACCOUNT, asking(limits), asking({ ...limits, ...later }))).toEqual([
      'admitted',
      'admitted',
    ]);
  });

  it('lets a request that is larger than the window have the whole of an unused one', () => {
    const limits = { limits: { tokensPerMinute: 50 } };
    const kinds = kindsOf(
      EMPTY_ACCOUNT,
      asking({ ...limits, tokens: 90 }),
      asking({ ...limits, tokens: 1 }),
    );
    expect(kinds).toEqual(['admitted', 'over-tokens']);
  });

  it('needs no memory where there is no budget', () => {
    expect(kindsOf(EMPTY_ACCOUNT, asking())).toEqual(['admitted']);
    expect(kindsOf(EMPTY_ACCOUNT, asking({ budgets: [limit(99, 'key', 'day')] }))).toEqual([
      'forgotten',
    ]);
  });
});

describe('the memory', () => {
  const budgets = [limit(99, 'key', 'day')];

  it('is complete a lifetime after it began, to the millisecond', () => {
    const began = NOW - 1_999;
    const account = begin(EMPTY_ACCOUNT, began);
    expect(reserve(account, asking({ budgets }))[1]).toEqual({ kind: 'recalling', until: NOW + 1 });
    expect(reserve(account, asking({ budgets, now: NOW + 1 }))[1]).toEqual({
      kind: 'unknown',
      places: [0],
    });
  });

  it('begins once', () => {
    expect(begin(begin(EMPTY_ACCOUNT, 5), 9).since).toBe(5);
  });

  it('learns nothing before it is complete: what was lost may still end', () => {
    expect(read(knowing(7, NOW - 1_999), place)[0]).toBeUndefined();
    expect(read(knowing(7, NOW - 2_000), place)[0]).toEqual({
      spentMicroUsd: 7,
      reservedMicroUsd: 0,
    });
  });

  it('wants to learn anew what is old, but not while something is reserved of it', () => {
    const later = asking({ budgets, learnedSince: NOW + 1 });
    expect(kindsOf(knowing(0), later)).toEqual(['unknown']);
    expect(kindsOf(knowing(0), asking({ budgets }), later)).toEqual(['admitted', 'admitted']);
  });

  it('never lowers what is spent, nor learns over what is reserved', () => {
    const lesson = (amount: number) => ({
      ...place,
      now: NOW,
      lifetimeMs: 0,
      spent: [microUsd(amount)],
    });
    const [held] = reserve(knowing(5), asking({ budgets }));
    expect(read(learn(knowing(5), lesson(3)), place)[0]?.spentMicroUsd).toBe(5);
    expect(read(learn(knowing(5), lesson(8)), place)[0]?.spentMicroUsd).toBe(8);
    expect(read(learn(held, lesson(8)), place)[0]?.spentMicroUsd).toBe(5);
  });
});

describe('settling', () => {
  const end = (request: Reservation, cost: number) => ({
    ...request,
    costMicroUsd: microUsd(cost),
    tokens: 4,
  });

  it('charges what was used and gives the rest back, once', () => {
    const request = asking({
      budgets: [limit(99, 'key', 'day'), limit(99, 'tenant', 'total')],
      limits: { tokensPerMinute: 20, maxConcurrency: 1 },
    });
    const [held] = reserve(knowing(0), request);
    const [settled, reply] = settle(held, end(request, 3));
    expect(reply).toEqual({ kind: 'settled', reservedMicroUsd: 10 });
    const reading = { spentMicroUsd: 3, reservedMicroUsd: 0 };
    expect([read(settled, place)[0], read(settled, place)[5]]).toEqual([reading, reading]);
    expect(reserve(settled, { ...request, tokens: 16 })[1]).toMatchObject({
      kind: 'admitted',
      tokensUsed: [20, 0],
    });
    expect(settle(settled, end(request, 3))).toEqual([settled, { kind: 'unknown' }]);
  });

  it('charges a budget that was set after the request had begun', () => {
    const request = asking({ limits: { maxConcurrency: 1 } });
    const [held] = reserve(knowing(0), request);
    const [settled, reply] = settle(held, end(request, 3));
    expect(reply).toEqual({ kind: 'settled', reservedMicroUsd: undefined });
    expect(read(settled, place)[0]).toEqual({ spentMicroUsd: 3, reservedMicroUsd: 0 });
  });

  it('charges more than was reserved in full', () => {
    const request = asking({ budgets: [limit(12, 'key', 'day')] });
    const [settled] = settle(reserve(knowing(0), request)[0], end(request, 30));
    expect(read(settled, place)[0]?.spentMicroUsd).toBe(30);
    expect(
      kindsOf(settled, asking({ budgets: request.budgets, costMicroUsd: microUsd(0) })),
    ).toEqual(['over-budget']);
  });

  it('leases that have run out are named, the earliest first, unless there is no budget to decide', () => {
    const budgets = [limit(999, 'key', 'day')];
    let account = knowing(0);
    for (const expiresAt of [NOW + 9, NOW + 3, NOW + 3, NOW + 50]) {
      [account] = reserve(account, asking({ budgets, expiresAt }));
    }
    [account] = reserve(account, asking({ expiresAt: NOW + 1 }));
    const [, reply] = reserve(account, asking({ budgets, now: NOW + 9 }));
    const ids = reply.kind === 'admitted' ? reply.expired.map(({ requestId }) => requestId) : [];
    expect(ids.map((id) => requests - Number(id.slice(1)))).toEqual([4, 3, 5]);
  });
});
