import { describe, expect, it } from 'vitest';
import type { Reservation, ReserveReply } from '../../../../core/budgets/budget-store.ts';
import { refusalOf, tokenReading } from '../../../../core/budgets/refusal.ts';
import { faultHeaders } from '../../../../core/contract/fault.ts';
import { microUsd } from '../../../../core/contract/money.ts';

const NOW = Date.parse('2026-03-01T12:00:48.200Z');
const request: Reservation = {
  tenantId: 'shop',
  keyId: 'abcdefgh',
  requestId: 'r1',
  receivedAt: NOW,
  now: NOW,
  budgets: [
    { scope: 'key', period: 'day', limitMicroUsd: microUsd(1_000_000) },
    { scope: 'tenant', period: 'total', limitMicroUsd: microUsd(5_000_000) },
  ],
  limits: { tokensPerMinute: 1_000 },
  tenantLimits: { tokensPerMinute: 5_000 },
  costMicroUsd: microUsd(20_000),
  tokens: 100,
  endsAt: NOW,
  expiresAt: NOW,
  lifetimeMs: 1,
  learnedSince: 0,
};
const overBudget = (place: number, spent: number, reserved: number): ReserveReply => ({
  kind: 'over-budget',
  place,
  spentMicroUsd: microUsd(spent),
  reservedMicroUsd: microUsd(reserved),
  expired: [],
});

describe('a budget that is used up', () => {
  it('names itself, what is left, what is needed, how to need less, and when it renews', () => {
    const fault = refusalOf(overBudget(0, 990_000, 5_000), request);
    expect(fault?.message).toBe(
      'The daily budget of this key has $0.005 left, and the request may cost $0.02. ' +
        'A smaller max_tokens or a shorter input lowers what it may cost. ' +
        'The budget renews at 2026-03-02T00:00:00.000Z.',
    );
    expect(fault?.options).toMatchObject({
      details: {
        scope: 'key',
        period: 'day',
        limitUsd: '1',
        spentUsd: '0.99',
        reservedUsd: '0.005',
        neededUsd: '0.02',
        renewsAt: '2026-03-02T00:00:00.000Z',
      },
      retryAfterSeconds: 43_152,
    });
  });

  it('blames requests under way where only these are in the way', () => {
    const fault = refusalOf(overBudget(0, 980_000, 20_000), request);
    expect(fault?.message).toContain('Requests under way hold the rest');
  });

  it('has no time to wait where it never renews, and is not to be tried again by itself', () => {
    const fault = refusalOf(overBudget(5, 6_000_000, 0), request);
    expect(fault?.message).toContain('total budget of this tenant has $0 left');
    expect(fault?.options.retryAfterSeconds).toBeUndefined();
    expect(fault?.options.details).not.toHaveProperty('renewsAt');
    expect(fault && faultHeaders(fault)).toEqual({ 'x-should-retry': 'false' });
  });
});

it.each([
  [
    { kind: 'over-tokens', owner: 1, tokensUsed: 4_990 },
    'rate_limited',
    'tokensPerMinute',
    'tenant',
    12,
  ],
  [{ kind: 'over-concurrency', owner: 0 }, 'concurrency_limited', 'maxConcurrency', 'key', 1],
] as const)(
  '%o is %s, naming the limit and the time to wait',
  (reply, code, limit, scope, wait) => {
    const fault = refusalOf(reply, request);
    expect(fault?.code).toBe(code);
    expect(fault?.options).toMatchObject({ details: { limit, scope }, retryAfterSeconds: wait });
  },
);

it.each([
  [{ kind: 'recalling', until: NOW + 60_001 }, 61],
  [{ kind: 'forgotten' }, undefined],
  [{ kind: 'unknown', places: [0] }, undefined],
] as const)('%o means that budgets cannot be told now', (reply, wait) => {
  const fault = refusalOf(reply, request);
  expect(fault?.code).toBe('budget_unavailable');
  expect(fault?.options.retryAfterSeconds).toBe(wait);
});

describe('the reading of tokens', () => {
  const resetsAt = Date.parse('2026-03-01T12:01:00Z');
  const admitted = (...tokensUsed: number[]) =>
    ({ kind: 'admitted', tokensUsed, expired: [] }) as const;

  it('is that of the owner with fewer left', () => {
    expect(tokenReading(admitted(100, 4_950), request)).toEqual({
      limit: 5_000,
      remaining: 50,
      resetsAt,
    });
    expect(tokenReading(admitted(960, 4_950), request)).toEqual({
      limit: 1_000,
      remaining: 40,
      resetsAt,
    });
  });

  it('is there on a refusal too, and nowhere else', () => {
    const full = { kind: 'over-tokens', owner: 0, tokensUsed: 1_200 } as const;
    expect(tokenReading(full, request)).toEqual({ limit: 1_000, remaining: 0, resetsAt });
    expect(tokenReading({ kind: 'forgotten' }, request)).toBeUndefined();
    expect(
      tokenReading(admitted(0, 0), { ...request, limits: {}, tenantLimits: {} }),
    ).toBeUndefined();
  });
});
