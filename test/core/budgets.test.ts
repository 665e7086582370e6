import { afterEach, describe, expect, it } from 'vitest';
import type { BudgetStore } from '../../core/budgets/budget-store.ts';
import { createInProcessBudgetStore } from '../../core/budgets/in-process-budget-store.ts';
import { boundInput } from '../../core/ledger/prompt-size.ts';
import {
  answering,
  as,
  ask,
  budget,
  cleanUp,
  dearest,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  startCore,
  WORST,
} from '../support/budgeted-core.ts';
import { chatInit, PRINCIPAL } from '../support/core-app.ts';
import type { RawScript } from '../support/raw-provider.ts';

afterEach(cleanUp);

describe('a budget', () => {
  it('says which it is, what is left and when it renews, before anybody is asked', async () => {
    const core = await startCore(dearest);
    const caller = as({ budgets: [budget(WORST - 1, 'tenant', 'month')] });
    const response = await core.chat(caller);
    await core.settled();
    expect(response.status).toBe(429);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const { error } = (await response.json()) as { error: { message: string; details: object } };
    expect(error).toMatchObject({
      type: 'RATE_LIMIT_EXCEEDED',
      code: 'budget_exceeded',
      details: {
        scope: 'tenant',
        period: 'month',
        limitUsd: ((WORST - 1) / 1e6).toFixed(6),
        spentUsd: '0',
        reservedUsd: '0',
        neededUsd: (WORST / 1e6).toFixed(6).replace(/0+$/, ''),
        renewsAt: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00.000Z$/),
      },
    });
    expect(error.message).toMatch(/monthly budget of this tenant.*max_tokens.*renews at/);
    expect(core.provider.requests).toHaveLength(0);
    expect(core.log.rows()).toMatchObject([
      { outcome: 'rejected', httpStatus: 429, errorCode: 'budget_exceeded', costMicroUsd: 0 },
    ]);
  });

  it('bounds an answer that the client did not bound', async () => {
    const core = await startCore(dearest);
    const unbounded = { model: ask.model, messages: ask.messages };
    await core.chat(as({ budgets: [budget(1_000_000)] }), unbounded);
    await core.chat(as({}), unbounded);
    const [bound, free] = core.provider.requests.map(({ body }) => JSON.parse(body));
    expect(bound).toMatchObject({ max_tokens: 4_096 });
    expect(free).not.toHaveProperty('max_tokens');
  });

  it('charges in full what a provider reports above the reservation, and tells the operator', async () => {
    const core = await startCore(answering(INPUT_TOKENS + 1_000));
    const caller = as({ budgets: [budget(10 * WORST)] });
    expect((await core.chat(caller)).status).toBe(200);
    await core.settled();
    expect(core.overReservations).toMatchObject([
      { reservedMicroUsd: WORST, costMicroUsd: WORST + 1_000, tenantId: PRINCIPAL.tenantId },
    ]);
    expect(core.log.rows()[0]).toMatchObject({
      costMicroUsd: WORST + 1_000,
      reservedMicroUsd: WORST,
    });
  });

  it.each<[string, RawScript, number]>([
    [
      'a provider that fails',
      (socket) => void socket.end('HTTP/1.1 500 X\r\nconnection: close\r\n\r\n'),
      0,
    ],
    ['a whole answer', dearest, WORST],
  ])('gives back after %s what was not used', async (_, script, spent) => {
    const core = await startCore(script);
    const budgets = [budget(10 * WORST)];
    await core.chat(as({ budgets }));
    await core.settled();
    const { tenantId, keyId } = PRINCIPAL;
    const [reading] = await core.budgetStore.read({
      tenantId,
      keyId,
      receivedAt: core.clock.now(),
    });
    expect(reading).toEqual({ spentMicroUsd: spent, reservedMicroUsd: 0 });
  });
});

describe('limits of tokens and of requests at once', () => {
  it('an answer says how many tokens of the minute are left, whole or streamed', async () => {
    const core = await startCore(answering(10));
    const caller = as({ limits: { tokensPerMinute: 1_000_000 }, tenantLimits: {} });
    let used = 0;
    for (const stream of [false, true]) {
      const body = { ...ask, stream };
      const response = await core.chat(caller, body);
      await response.text();
      await core.settled();
      const worst = boundInput(body, [...body.messages]) + OUTPUT_TOKENS;
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-ratelimit-limit-tokens': '1000000',
        'x-ratelimit-remaining-tokens': String(1_000_000 - used - worst),
        'x-ratelimit-reset-tokens': expect.stringMatching(/^(\d+s|1m)$/),
      });
      // Of the first, what it did not use is back.
      used += 10 + OUTPUT_TOKENS;
    }
  });

  it('tokens that are used up are a 429 that says when to come back', async () => {
    const core = await startCore(dearest);
    const caller = as({ limits: {}, tenantLimits: { tokensPerMinute: WORST } });
    await core.chat(caller);
    const response = await core.chat(caller);
    expect(response.status).toBe(429);
    expect(response.headers.get('x-ratelimit-remaining-tokens')).toBe('0');
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await response.json()).toMatchObject({
      error: { code: 'rate_limited', details: { limit: 'tokensPerMinute', scope: 'tenant' } },
    });
    expect(core.provider.requests).toHaveLength(1);
  });

  it('a place is free again when its request has ended, also when its client has left', async () => {
    const silent: RawScript = () => new Promise(() => {});
    const core = await startCore(silent);
    const caller = as({ limits: { maxConcurrency: 1 } });
    const client = new AbortController();
    const hanging = core.fetch('/v1/chat/completions', chatInit(ask, client.signal), caller);
    await expect.poll(() => core.provider.requests.length).toBe(1);
    const refused = await core.chat(caller);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ error: { code: 'concurrency_limited' } });
    client.abort();
    await hanging;
    await core.settled();
    void core.chat(caller);
    await expect.poll(() => core.provider.requests.length).toBe(2);
  });

  it('embeddings are under the same budgets', async () => {
    const core = await startCore(dearest);
    const caller = as({ budgets: [budget(10)] });
    const body = chatInit({ model: 'up', input: 'red lamp' });
    const response = await core.fetch('/v1/embeddings', body, caller);
    expect(response.status).toBe(429);
    expect(core.provider.requests).toHaveLength(0);
  });
});

describe('a store that fails', () => {
  const away: BudgetStore = {
    ...createInProcessBudgetStore(),
    reserve: async () => {
      throw new Error('store-canary');
    },
  };

  it('has keys with a budget refused with 503 before anybody is asked', async () => {
    const core = await startCore(dearest, { store: away });
    const response = await core.chat(as({ budgets: [budget(10 * WORST)] }));
    await core.settled();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { type: 'INTERNAL_ERROR', code: 'budget_unavailable' },
    });
    expect(core.provider.requests).toHaveLength(0);
    expect(core.log.rows()).toMatchObject([
      { outcome: 'rejected', errorCode: 'budget_unavailable' },
    ]);
  });

  it('leaves the others to a count of this process, and says so', async () => {
    const core = await startCore(dearest, { store: away });
    const caller = as({ limits: { tokensPerMinute: 2 * WORST } });
    const answers = [await core.chat(caller), await core.chat(caller), await core.chat(caller)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('x-gateway-degraded'))).toEqual(
      Array(3).fill('budgets'),
    );
  });
});
