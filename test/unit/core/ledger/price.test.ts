import { findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../core/contract/chat.ts';
import type { OwnPrice } from '../../../../core/ledger/price.ts';
import { promptTokens, type TokenUsage } from '../../../../core/ledger/token-usage.ts';
import { aPriceList } from '../../../support/a-price-list.ts';

const openai = aPriceList();

describe("the operator's own price", () => {
  it('comes before every other', () => {
    const own: Record<string, OwnPrice> = {
      'gpt-5': { inputPerMillionUsd: 7, outputPerMillionUsd: 9 },
    };
    const usage = { uncachedInput: 1, output: 1 };
    expect(aPriceList({ own }).price('gpt-5', { usage, status: 'exact' }).microUsd).toBe(16);
  });

  it('knows every kind of token', () => {
    const own = {
      m: {
        inputPerMillionUsd: 1,
        outputPerMillionUsd: 2,
        cacheReadPerMillionUsd: 3,
        cacheWritePerMillionUsd: 4,
        cacheWrite1hPerMillionUsd: 5,
        audioInputPerMillionUsd: 6,
        audioOutputPerMillionUsd: 7,
      },
    };
    const usage = {
      uncachedInput: 10,
      audioInput: 9,
      cacheRead: 1,
      cacheWrite5m: 1,
      cacheWrite1h: 1,
      output: 10,
      audioOutput: 9,
    };
    // 1 × 1 + 9 × 6 + 3 + 4 + 5 + 1 × 2 + 9 × 7
    expect(aPriceList({ own }).price('m', { usage, status: 'exact' }).microUsd).toBe(132);
  });
});

it('an estimated count has an estimated cost', () => {
  const usage = { uncachedInput: 100, output: 100 };
  expect(openai.price('gpt-5', { usage, status: 'estimated' }).status).toBe('estimated');
});

describe('a model without a price', () => {
  const usage = { uncachedInput: 100, output: 100 };
  const unknown = { usage, status: 'exact' } as const;

  it.each([
    ['that nobody has published', 'gpt-99'],
    ['that is not sold by its tokens', 'whisper-1'],
    ['that is free on the list', 'omni-moderation-latest'],
    ['that is not sold for output', 'text-embedding-3-small'],
    ['named as every object names something', 'constructor'],
  ])('%s is unpriced and not free, and said to be so', (_, model) => {
    const list = aPriceList({ models: ['gpt-4o-mini', 'gpt-5', model, '*'] });
    // As gpt-5, the dearer one: 100 × 1.25 + 100 × 10
    expect(list.price(model, unknown)).toEqual({ microUsd: 1_125, status: 'unpriced' });
    expect(list.unpriced).toEqual([model]);
  });

  it('is charged as the dearest of its provider, published or not', () => {
    const own = { mine: { inputPerMillionUsd: 50, outputPerMillionUsd: 0 } };
    const list = aPriceList({ models: ['gpt-5'], own });
    expect(list.price('gpt-99', unknown).microUsd).toBe(5_000);
    const bounds = { input: 100, output: 100 };
    expect(list.worstCase('gpt-99', bounds)).toEqual({ microUsd: 5_000, status: 'unpriced' });
  });

  it('is unpriced still without a sibling', () => {
    const list = aPriceList({ vendor: undefined, models: ['*'] });
    expect(list.price('llama3', unknown)).toEqual({ microUsd: 0, status: 'unpriced' });
    expect(list.worstCase('llama3', { input: 1, output: 1 })).toMatchObject({ status: 'unpriced' });
    expect(list.ratesOf('llama3')).toBeUndefined();
  });

  it('raises no alarm before it has been charged', () => {
    const list = aPriceList();
    list.worstCase('gpt-99', { input: 1, output: 1 });
    list.ratesOf('gpt-99');
    expect(list.unpriced).toEqual([]);
  });
});

const sold = ['openai', 'aws'].flatMap((vendor) =>
  (findProvider({ providerId: vendor })?.models ?? []).map(({ id }) => ({ vendor, id })),
);
const tokens = fc.nat(400_000);
const usages: fc.Arbitrary<TokenUsage> = fc
  .record({
    plain: tokens,
    audioInput: tokens,
    cacheRead: tokens,
    cacheWrite5m: tokens,
    cacheWrite1h: tokens,
    said: tokens,
    audioOutput: tokens,
  })
  .map(({ plain, said, ...parts }) => ({
    ...parts,
    uncachedInput: plain + parts.audioInput,
    output: said + parts.audioOutput,
  }));

describe('the worst case', () => {
  it('of every model on the lists is no less than the price of what stays within the bounds', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...sold),
        usages,
        fc.constantFrom(undefined, 'default', 'flex', 'priority'),
        fc.boolean(),
        ({ vendor, id }, usage, tier, isGranted) => {
          const list = aPriceList({ vendor });
          const bounds = { input: promptTokens(usage), output: usage.output, tier };
          const served = isGranted ? tier : 'default';
          const { microUsd } = list.price(id, { usage, status: 'exact', tier: served });
          expect(list.worstCase(id, bounds).microUsd).toBeGreaterThanOrEqual(microUsd);
        },
      ),
      { numRuns: 1_000 },
    ));

  it('is an estimate', () => {
    expect(openai.worstCase('gpt-5', { input: 1, output: 1 })).toEqual({
      microUsd: 12,
      status: 'estimated',
    });
  });
});

it('prices hold for however many models are asked for', () => {
  const list = aPriceList();
  for (let name = 0; name < 2_500; name += 1) list.ratesOf(`model-${name}`);
  expect(list.ratesOf('gpt-4o-mini')?.input).toBe(0.15);
});

describe('the bounds of a request', () => {
  const wire: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
  const bounds = (model: string, more: Partial<ChatRequest> = {}, maxTokens?: number) =>
    openai.boundTokens(model, { wire: { ...wire, ...more }, maxTokens });

  it('are its bytes and its choices', () => {
    expect(bounds('gpt-5', {}, 50)).toEqual({
      input: Buffer.byteLength(JSON.stringify(wire)) + 1_024,
      output: 50,
    });
    expect(bounds('gpt-5', { n: 3 }, 50).output).toBe(150);
    expect(bounds('gpt-5').output).toBe(16_384);
    expect(bounds('gpt-5', { service_tier: 'flex' }).tier).toBe('flex');
  });

  it('are within the window of the model, where it is known', () => {
    const image = { type: 'image_url', image_url: { url: 'https://shop.example/lamp.png' } };
    const messages = [{ role: 'user' as const, content: [image] }];
    expect(bounds('gpt-4', { messages })).toEqual({ input: 8_192, output: 8_192 });
    expect(bounds('gpt-4', { n: 2 }).output).toBe(16_384);
    expect(bounds('nobody', { messages }).input).toBeGreaterThan(50_000);
  });
});
