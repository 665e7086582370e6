import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import { microUsd, UNPRICED } from '../../../../core/contract/money.ts';
import { requestLogRowSchema } from '../../../../core/ledger/request-log.ts';
import { abandonedRow, failedWith, finalRow, openRow } from '../../../../core/ledger/row.ts';
import { closedAt, factsAt, openAt } from '../../../support/a-row.ts';

const facts = factsAt(2);
const answered = { outcome: 'success', httpStatus: 200, attempts: [] } as const;

describe('a row', () => {
  it('holds nothing of the request but its allowed fields', () => {
    const withPrompt = { ...facts, request: { messages: ['canary'] }, signal: {} };
    const settlement = { ...answered, body: 'canary' };
    const rows = [openRow(withPrompt), finalRow(withPrompt, settlement, facts.deadline)];
    expect(JSON.stringify(rows)).not.toContain('canary');
    for (const row of rows) expect(requestLogRowSchema.parse(row)).toEqual(row);
  });

  it('has who asked, when, and what the client wants to find on it', () => {
    const more = {
      clientRequestId: 'mine',
      metadata: { team: 'search' },
      plan: ['up/up-1'],
      reservedMicroUsd: microUsd(900),
    };
    const shared = {
      tenantId: 'shop',
      keyId: 'abcdefgh1234',
      userId: 'user-1',
      timestamp: '2026-03-02T00:00:00.000Z',
      ...more,
    };
    expect(openAt(2, more)).toMatchObject({ outcome: 'open', deadline: facts.deadline, ...shared });
    expect(closedAt(2, {}, more)).toMatchObject({ latency: 50, ...shared });
  });

  it.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
    ['00-0af7651916cd43dd8448eb211c80319c', undefined],
    ['canary', undefined],
    [undefined, undefined],
  ])('has of the traceparent %s the trace %s', (traceparent, traceId) => {
    expect(openAt(1, { traceparent }).traceId).toBe(traceId);
  });

  it('has tokens by kind, cost, latency and who answered', () => {
    const row = closedAt(1, {
      provider: 'openai',
      upstreamModel: 'gpt-5',
      usage: {
        status: 'estimated',
        usage: {
          uncachedInput: 10,
          cacheRead: 20,
          cacheWrite5m: 3,
          cacheWrite1h: 4,
          output: 5,
          reasoning: 2,
        },
      },
      cost: { microUsd: microUsd(1_500), status: 'estimated' },
      gatewayCostMicroUsd: microUsd(40),
      ttftMs: 20,
    });
    expect(row).toMatchObject({
      success: true,
      provider: 'openai',
      upstreamModel: 'gpt-5',
      tokens: 42,
      promptTokens: 37,
      completionTokens: 5,
      cacheReadTokens: 20,
      cacheWriteTokens: 7,
      reasoningTokens: 2,
      usageStatus: 'estimated',
      cost: 0.0015,
      costMicroUsd: 1_500,
      costStatus: 'estimated',
      gatewayCostMicroUsd: 40,
      latency: 50,
      ttftMs: 20,
    });
  });

  it('tells what nobody counted from what was counted as nothing', () => {
    const row = closedAt(1, {
      usage: { status: 'exact', usage: { uncachedInput: 10, output: 0, cacheRead: 0 } },
    });
    expect(row).toMatchObject({ completionTokens: 0, cacheReadTokens: 0 });
    expect(row).not.toHaveProperty('cacheWriteTokens');
    expect(row).not.toHaveProperty('reasoningTokens');
  });

  it('says unpriced where no price is known', () => {
    expect(closedAt(1, { cost: UNPRICED })).toMatchObject({ cost: 0, costStatus: 'unpriced' });
  });

  it('leads from a replayed answer to the request that paid', () => {
    expect(closedAt(1, { replayOf: 'first' })).toMatchObject({ replayOf: 'first', cost: 0 });
  });

  it('has the code and sentence of a failure, and no tokens where none are known', () => {
    const fault = new Fault('upstream_timeout');
    const row = closedAt(1, failedWith(fault));
    expect(row).toMatchObject({
      outcome: 'failed',
      httpStatus: 504,
      success: false,
      errorCode: 'upstream_timeout',
      errorMessage: fault.message,
      cost: 0,
    });
    expect(row).not.toHaveProperty('tokens');
  });
});

describe('an abandoned row', () => {
  const known = { plan: ['up/up-1'], reservedMicroUsd: microUsd(900) };

  it('is charged the most that its input can cost, as an estimate', () => {
    const row = abandonedRow(openAt(1, { ...known, inputBoundMicroUsd: microUsd(40) }));
    expect(requestLogRowSchema.parse(row)).toEqual(row);
    expect(row).toMatchObject({
      ...known,
      requestId: factsAt(1).requestId,
      outcome: 'abandoned',
      success: false,
      httpStatus: 500,
      errorCode: 'internal_error',
      cost: 0.00004,
      costMicroUsd: 40,
      costStatus: 'estimated',
      attempts: [],
      latency: 60_000,
    });
  });

  it('is unpriced where the price of its input is not known', () => {
    expect(abandonedRow(openAt(1))).toMatchObject({ costMicroUsd: 0, costStatus: 'unpriced' });
  });
});
