import { describe, expect, it } from 'vitest';
import { receiptOf } from '../../../../core/admin/receipt.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import type { RequestLogRow } from '../../../../core/ledger/request-log.ts';
import { aKey } from '../../../support/a-key.ts';
import { closedAt, costing, FIRST_ARRIVAL, factsAt, idAt, openAt } from '../../../support/a-row.ts';

const owner = { key: aKey({ name: 'Shop front' }), tenant: undefined, defaultLimits: {} };
const receipt = (row: RequestLogRow) => receiptOf(row, owner);

const limited = {
  provider: 'openai',
  model: 'gpt-5',
  startedAt: FIRST_ARRIVAL + 2,
  ms: 10,
  outcome: 'rate-limited',
  upstreamStatus: 429,
  possiblyBilled: false,
} as const;
const answered = {
  provider: 'up',
  model: 'up-1',
  startedAt: FIRST_ARRIVAL + 17,
  ms: 30,
  waitMs: 5,
  firstTokenMs: 20,
  outcome: 'answered',
  possiblyBilled: true,
} as const;

const failedOver = closedAt(
  0,
  { ...costing(1_500), attempts: [limited, answered], ttftMs: 37 },
  { plan: ['openai/gpt-5', 'up/up-1'], reservedMicroUsd: microUsd(9_000), metadata: { order: 7 } },
);

describe('a receipt', () => {
  it('says who asked for what, and what was decided', () => {
    expect(receipt(failedOver)).toMatchObject({
      requestId: idAt(0),
      outcome: 'success',
      httpStatus: 200,
      summary: 'up answered after one attempt that failed.',
      identity: {
        tenant: 'shop',
        keyId: 'abcdefgh1234',
        keyName: 'Shop front',
        userId: 'user-1',
        metadata: { order: 7 },
      },
      request: { endpoint: '/v1/chat/completions', model: 'smart', stream: false },
      cache: { decision: 'MISS' },
      plan: ['openai/gpt-5', 'up/up-1'],
    });
  });

  it('has each attempt with its reason, and the cost at the one that answered', () => {
    const { attempts } = receipt(failedOver);
    expect(attempts).toMatchObject([
      { number: 1, provider: 'openai', startedAfterMs: 2, reason: 'It is limiting its rate.' },
      { number: 2, provider: 'up', startedAfterMs: 17, waitMs: 5, costUsd: '0.0015' },
    ]);
    expect(attempts[0]?.costUsd).toBeUndefined();
  });

  it('adds up: overhead is what neither attempts nor waits explain', () => {
    expect(receipt(failedOver).time).toEqual({
      totalMs: 50,
      upstreamMs: 40,
      waitedMs: 5,
      overheadMs: 5,
      ttftMs: 37,
    });
  });

  it('tells tokens by kind, and money reserved and charged', () => {
    const usage = {
      usage: { uncachedInput: 10, cacheRead: 4, cacheWrite5m: 3, output: 5, reasoning: 2 },
      status: 'exact',
    } as const;
    const { tokens, money } = receipt(
      closedAt(0, { ...costing(7), usage }, { reservedMicroUsd: microUsd(9) }),
    );
    expect(tokens).toEqual({
      uncachedInput: 10,
      cacheRead: 4,
      cacheWrite: 3,
      output: 5,
      reasoningWithinOutput: 2,
      total: 22,
      counted: 'exact',
    });
    expect(money).toMatchObject({
      costUsd: '0.000007',
      costStatus: 'exact',
      reservedUsd: '0.000009',
    });
  });

  it('tells what happened when', () => {
    expect(receipt(failedOver).timeline).toEqual([
      { atMs: 0, event: 'received' },
      { atMs: 2, event: 'attempt 1: openai/gpt-5 called' },
      { atMs: 12, event: 'attempt 1: rate-limited' },
      { atMs: 17, event: 'attempt 2: up/up-1 called' },
      { atMs: 37, event: 'attempt 2: first content' },
      { atMs: 47, event: 'attempt 2: answered' },
      { atMs: 50, event: 'success' },
    ]);
  });

  it('has the limits as they are now, and says so', () => {
    const limits = { requestsPerMinute: 3 };
    const key = aKey({ limits, budgets: [{ period: 'day', limitMicroUsd: microUsd(1_000_000) }] });
    expect(receiptOf(failedOver, { ...owner, key }).limits).toEqual({
      asOf: 'now',
      key: limits,
      tenant: {},
      keyBudgets: [{ period: 'day', limitUsd: '1' }],
      tenantBudgets: [],
    });
  });

  const failed = { outcome: 'failed', fault: undefined } as const;
  it.each<[string, RequestLogRow]>([
    ['The request is under way.', openAt(1)],
    ['up answered at the first attempt.', closedAt(1, { ...costing(1), attempts: [answered] })],
    ['The answer came from the cache.', { ...closedAt(1), cache: 'HIT' }],
    [`The answer to ${idAt(0)} was given again.`, closedAt(1, { replayOf: idAt(0) })],
    ['The client left after 50 ms.', closedAt(1, { outcome: 'client_closed' })],
    ['The answer of up broke off.', closedAt(1, { ...costing(1), outcome: 'partial' })],
    [
      'The request failed with upstream_timeout, after 2 attempts.',
      {
        ...closedAt(1, { ...failed, attempts: [limited, limited] }),
        errorCode: 'upstream_timeout',
      },
    ],
    [
      'The request was refused with budget_exceeded, and no provider was called.',
      { ...closedAt(1, { outcome: 'rejected' }), errorCode: 'budget_exceeded' },
    ],
  ])('begins with a sentence: %s', (summary, row) => {
    expect(receipt(row).summary).toBe(summary);
  });

  it('shows nothing of a row but what it names', () => {
    const facts = factsAt(1);
    const row = { ...failedOver, content: 'canary', facts };
    expect(JSON.stringify(receipt(row))).not.toContain('canary');
  });
});
