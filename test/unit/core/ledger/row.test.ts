import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import { principalSchema } from '../../../../core/contract/principal.ts';
import { requestLogRowSchema } from '../../../../core/ledger/request-log.ts';
import { finalRow, openRow } from '../../../../core/ledger/row.ts';

const facts = {
  requestId: '01a205c8-be38-70a7-9ff1-8d950c5f18ff',
  clientRequestId: undefined,
  principal: principalSchema.parse({
    tenantId: 'shop',
    keyId: 'abcdefgh1234',
    userId: 'user-1',
    scopes: ['inference'],
    policyVersion: 1,
  }),
  endpoint: '/v1/chat/completions',
  model: 'smart',
  stream: false,
  cache: 'MISS' as const,
  receivedAt: 1_000,
};

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

describe('a row', () => {
  it('holds nothing of the request but its allowed fields', () => {
    const withPrompt = { ...facts, request: { messages: ['canary'] }, signal: {} };
    const settlement = {
      outcome: 'success',
      httpStatus: 200,
      attempts: [],
      body: 'canary',
    } as const;
    const rows = [openRow(withPrompt), finalRow(withPrompt, settlement, 2_000)];
    expect(JSON.stringify(rows)).not.toContain('canary');
    for (const row of rows) expect(requestLogRowSchema.parse(row)).toEqual(row);
  });

  it('has tokens, cost, latency and who answered', () => {
    const row = finalRow(
      facts,
      {
        outcome: 'success',
        httpStatus: 200,
        attempts: [],
        provider: 'openai',
        upstreamModel: 'gpt-5',
        usage,
        cost: microUsd(1_500),
        ttftMs: 20,
      },
      1_250,
    );
    expect(row).toMatchObject({
      success: true,
      provider: 'openai',
      upstreamModel: 'gpt-5',
      tokens: 15,
      cost: 0.0015,
      costMicroUsd: 1_500,
      costStatus: 'exact',
      latency: 250,
      ttftMs: 20,
      timestamp: '1970-01-01T00:00:01.000Z',
    });
  });

  it('says unpriced where no price is known', () => {
    const settled = { outcome: 'success', httpStatus: 200, attempts: [], usage } as const;
    const row = finalRow(facts, { ...settled, cost: 'unpriced' }, 2_000);
    expect(row).toMatchObject({ cost: 0, costStatus: 'unpriced' });
  });

  it('has the code and sentence of a failure, and no tokens where none are known', () => {
    const fault = new Fault('upstream_timeout');
    const row = finalRow(facts, { outcome: 'failed', httpStatus: 504, attempts: [], fault }, 2_000);
    expect(row).toMatchObject({
      success: false,
      errorCode: 'upstream_timeout',
      errorMessage: fault.message,
    });
    expect(row).not.toHaveProperty('tokens');
  });
});
