import { describe, expect, it } from 'vitest';
import { receiptOf } from '../../../../core/admin/receipt.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import { receiptSchema } from '../../../../infra/cli/answers.ts';
import { receiptText } from '../../../../infra/cli/receipt-text.ts';
import { aKey } from '../../../support/a-key.ts';
import { closedAt, costing, FIRST_ARRIVAL, openAt } from '../../../support/a-row.ts';

const limits = { requestsPerMinute: 60, tokensPerMinute: 10_000 };
const key = aKey({
  name: 'Shop front',
  limits,
  budgets: [{ period: 'day', limitMicroUsd: microUsd(12_500_000) }],
});
const owner = { key, tenant: undefined, defaultLimits: {} };

const failedOver = closedAt(
  0,
  {
    ...costing(1_500),
    ttftMs: 30,
    attempts: [
      {
        provider: 'openai',
        model: 'gpt-5',
        startedAt: FIRST_ARRIVAL + 2,
        ms: 10,
        outcome: 'rate-limited',
        upstreamStatus: 429,
        upstreamCode: 'rate_limit_exceeded',
        possiblyBilled: false,
      },
      {
        provider: 'up',
        model: 'up-1',
        startedAt: FIRST_ARRIVAL + 15,
        ms: 30,
        firstTokenMs: 15,
        outcome: 'answered',
        possiblyBilled: true,
      },
    ],
  },
  {
    stream: true,
    plan: ['openai/gpt-5', 'up/up-1'],
    reservedMicroUsd: microUsd(9_000),
    metadata: { order: 7 },
  },
);

const shown = (row: Parameters<typeof receiptOf>[0], width = 80) => {
  const receipt = receiptSchema.parse(JSON.parse(JSON.stringify(receiptOf(row, owner))));
  return receiptText(receipt, { width, paint: (_, text) => text });
};

describe('a receipt in a terminal', () => {
  it('tells the whole story of a request that failed over', () => {
    expect(shown(failedOver)).toBe(
      `
success 200  01a205c8-be38-70a7-9ff1-000000000000  2026-03-01 23:59:58 UTC

up answered after one attempt that failed.

  Tenant    shop
  Key       Shop front (abcdefgh1234)
  User      user-1
  Asked     /v1/chat/completions for smart, as a stream
  Metadata  {"order":7}
  Cache     MISS: it had no answer to this
  Plan      openai/gpt-5 → up/up-1

Attempts

  #  Target        Outcome            Took  First     Cost
  1  openai/gpt-5  rate-limited 429  10 ms
  2  up/up-1       answered          30 ms  15 ms  $0.0015

  1  It is limiting its rate. It said: rate_limit_exceeded

  1    ────────────
  2                    ──────────────────━━━━━━━━━━━━━━━━━━
     0                                                      50 ms

Tokens
  Input     10
  Output    5
  Together  15

Cost
  Charged          $0.0015
  Reserved before  $0.009

Time
  In all            50 ms
  At providers      40 ms
  In the gateway    10 ms
  To first content  30 ms

Limits, as they are now
  Key          60 requests/min, 10,000 tokens/min
  Key budgets  $12.50 a day
`.trim(),
    );
  });

  it('fits a narrow terminal', () => {
    for (const line of shown(failedOver, 50).split('\n').slice(2)) {
      expect([...line].length).toBeLessThanOrEqual(50);
    }
  });

  it('is short for a request that is under way', () => {
    expect(shown(openAt(1))).toContain('The request is under way.');
    expect(shown(openAt(1))).not.toContain('Attempts');
  });

  it('names the error of a request that failed', () => {
    const failed = { ...closedAt(1, { outcome: 'rejected', httpStatus: 429 }) };
    const row = { ...failed, errorCode: 'budget_exceeded', errorMessage: 'The budget is used up.' };
    expect(shown(row)).toContain(
      'budget_exceeded, and no provider was called.\nThe budget is used up.',
    );
  });
});
