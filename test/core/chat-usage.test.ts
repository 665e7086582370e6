import { describe, expect, it } from 'vitest';
import { parseSseItems } from '../../core/contract/sse.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, startCoreApp } from '../support/core-app.ts';
import {
  delta,
  finish,
  jsonAnswer,
  type RawScript,
  SSE_HEAD,
  sse,
  startRawProvider,
  usage,
} from '../support/raw-provider.ts';

/** "prompt-canary" has 3 tokens, and its message 4 more; "Hello" has one, as "Hel" and "lo" have together. */
const PROMPT = 7;
const chat = '/v1/chat/completions';

interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

const saying =
  (...events: readonly string[]): RawScript =>
  (socket) =>
    void socket.end(SSE_HEAD + events.join('') + sse('[DONE]'));

const reporting = (report: unknown): string => sse({ choices: [], usage: report as object });

async function eventsOf(response: Response) {
  const { body } = response;
  if (!body) throw new Error('The answer has no body.');
  const items = await Array.fromAsync(parseSseItems(body));
  return items.filter(({ kind }) => kind === 'data').map(({ text }) => text);
}

describe('usage', () => {
  it.each<[string, readonly string[], Tokens]>([
    ['nobody told', [delta('Hel'), delta('lo'), finish()], { prompt: PROMPT, completion: 1 }],
    [
      'came with the first chunk, before the words',
      [usage(10, 0), delta('Hel'), delta('lo'), finish()],
      { prompt: 10, completion: 1 },
    ],
    [
      'was told as a total',
      [delta('Hello'), finish(), reporting({ total_tokens: 20 })],
      { prompt: 19, completion: 1 },
    ],
    [
      'was told as a text',
      [delta('Hello'), finish(), reporting('none')],
      { prompt: PROMPT, completion: 1 },
    ],
  ])(
    'that %s is counted, marked, and the same for whole and streamed answers',
    async (_, events, { prompt, completion }) => {
      await using core = await startChatCore(saying(...events));
      const answer = await core.fetch(chat, chatInit(ask));
      // $1 and $2 a million
      const cost = (prompt + 2 * completion) / 1_000_000;
      const { usage: told } = await answer.json();
      expect(told).toMatchObject({
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
        estimated: true,
        cost,
      });
      expect(answer.headers.get('x-gateway-cost-status')).toBe('estimated');
      expect(Number(answer.headers.get('x-gateway-cost'))).toBe(cost);

      const streamed = { ...ask, stream: true, stream_options: { include_usage: true } };
      const chunks = await eventsOf(await core.fetch(chat, chatInit(streamed)));
      expect(JSON.parse(chunks.at(-2) ?? '')).toMatchObject({ choices: [], usage: told });
      await core.settled();
      const row = {
        promptTokens: prompt,
        completionTokens: completion,
        usageStatus: 'estimated',
        costStatus: 'estimated',
        costMicroUsd: prompt + 2 * completion,
      };
      expect(core.log.rows()).toMatchObject([row, row]);
    },
  );

  it('is read from any chunk, and the last one wins', async () => {
    await using core = await startChatCore(
      saying(usage(10, 1), delta('Hello'), usage(10, 5), finish()),
    );
    const answer = await core.fetch(chat, chatInit(ask));
    expect((await answer.json()).usage).toMatchObject({ completion_tokens: 5, cost: 0.00002 });
    expect(answer.headers.get('x-gateway-cost-status')).toBe('exact');
  });

  it('of a stream that broke off is what was said until then', async () => {
    await using core = await startChatCore((socket) => {
      socket.write(SSE_HEAD + delta('Hello'), () => setImmediate(() => socket.resetAndDestroy()));
    });
    await (await core.fetch(chat, chatInit({ ...ask, stream: true }))).text();
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      {
        outcome: 'partial',
        promptTokens: PROMPT,
        completionTokens: 1,
        usageStatus: 'estimated',
        costMicroUsd: PROMPT + 2,
      },
    ]);
  });

  it('of a stream that its client left is what was said until then', async () => {
    await using core = await startChatCore(
      (socket) => void socket.write(SSE_HEAD + delta('Hello')),
    );
    const client = new AbortController();
    const response = await core.fetch(chat, chatInit({ ...ask, stream: true }, client.signal));
    const reader = response.body?.getReader();
    await reader?.read();
    client.abort();
    await reader?.read().catch(() => {});
    await expect
      .poll(() => core.log.rows())
      .toMatchObject([{ outcome: 'client_closed', completionTokens: 1, costStatus: 'estimated' }]);
  });

  it('keeps what was cached apart, and is not charged twice for it', async () => {
    const report = {
      prompt_tokens: 1_000,
      completion_tokens: 10,
      total_tokens: 1_010,
      prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 500 },
      completion_tokens_details: { reasoning_tokens: 4 },
    };
    const prices = {
      up: {
        inputPerMillionUsd: 1,
        outputPerMillionUsd: 2,
        cacheReadPerMillionUsd: 0.1,
        cacheWritePerMillionUsd: 1.25,
      },
    };
    await using core = await startChatCore(saying(delta('Hello'), finish(), reporting(report)), {
      prices,
    });
    const answer = await core.fetch(chat, chatInit(ask));
    // 100 × 1 + 400 × 0.1 + 500 × 1.25 + 10 × 2 = 785
    expect((await answer.json()).usage).toEqual({ ...report, cost: 0.000785 });
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      {
        promptTokens: 1_000,
        cacheReadTokens: 400,
        cacheWriteTokens: 500,
        completionTokens: 10,
        reasoningTokens: 4,
        usageStatus: 'exact',
        costMicroUsd: 785,
      },
    ]);
  });
});

describe('a model without a price', () => {
  it('shows no cost, is charged as its dearest sibling, and is said to be so once', async () => {
    const prices = { other: { inputPerMillionUsd: 3, outputPerMillionUsd: 4 } };
    await using core = await startChatCore(whole, { prices });
    for (const _ of [1, 2]) {
      const answer = await core.fetch(chat, chatInit(ask));
      expect(answer.headers.get('x-gateway-cost-status')).toBe('unpriced');
      expect(answer.headers.has('x-gateway-cost')).toBe(false);
      expect((await answer.json()).usage).not.toHaveProperty('cost');
    }
    expect(core.unpriced).toEqual([{ provider: 'upstream', model: 'up' }]);
    await core.settled();
    // 10 × 3 + 5 × 4
    const row = { costStatus: 'unpriced', costMicroUsd: 50 };
    expect(core.log.rows()).toMatchObject([row, row]);
  });
});

describe('attempts that failed', () => {
  const cut: RawScript = (socket) => void socket.end(SSE_HEAD + delta('Hello'));
  const refused: RawScript = (socket) => void socket.end(jsonAnswer(500, {}));

  it.each([
    // Prompt at 5, output at 6
    ['after it had begun to answer', cut, PROMPT * 5 + 6],
    ['before it cost anything', refused, 0],
  ])('%s cost the gateway, not the tenant', async (_, script, gatewayCostMicroUsd) => {
    await using first = await startRawProvider(script);
    await using second = await startRawProvider(whole);
    const of = ({ baseUrl }: typeof first, name: string, price: [number, number]) => ({
      name,
      kind: 'openai',
      baseUrl,
      models: ['up'],
      prices: { up: { inputPerMillionUsd: price[0], outputPerMillionUsd: price[1] } },
    });
    const core = await startCoreApp({
      providers: [of(first, 'first', [5, 6]), of(second, 'second', [1, 2])],
      models: {
        smart: { strategy: 'priority', targets: [{ model: 'first/up' }, { model: 'second/up' }] },
      },
    });
    const answer = await core.fetch(chat, chatInit({ ...ask, model: 'smart' }));
    expect((await answer.json()).usage).toMatchObject({ cost: 0.00002 });
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      { provider: 'second', costMicroUsd: 20, gatewayCostMicroUsd },
    ]);
  });
});

it('the cheapest target is the one whose worst case is, and an unpriced one comes last', async () => {
  await using upstream = await startRawProvider(whole);
  const of = (name: string, prices: object) => ({
    name,
    kind: 'openai',
    baseUrl: upstream.baseUrl,
    models: ['up'],
    prices,
  });
  const priced = (input: number, output: number) => ({
    up: { inputPerMillionUsd: input, outputPerMillionUsd: output },
  });
  const targets = ['unpriced', 'dear', 'cheap'].map((name) => ({ model: `${name}/up` }));
  const core = await startCoreApp({
    providers: [of('unpriced', {}), of('dear', priced(1, 3)), of('cheap', priced(2, 2))],
    models: { smart: { strategy: 'cheapest', targets } },
  });
  const answer = await core.fetch(chat, chatInit({ ...ask, model: 'smart' }));
  expect(answer.headers.get('x-gateway-provider')).toBe('cheap');
  await core.settled();
  expect(core.log.rows()).toMatchObject([{ plan: ['cheap/up', 'dear/up', 'unpriced/up'] }]);
});

it('an answer served at half the price costs half', async () => {
  const tier = sse({ id: 'up-1', choices: [], service_tier: 'flex' });
  await using core = await startChatCore(saying(delta('Hello'), finish(), tier, usage(10, 5)));
  const answer = await core.fetch(chat, chatInit(ask));
  expect((await answer.json()).usage.cost).toBe(0.00001);
});
