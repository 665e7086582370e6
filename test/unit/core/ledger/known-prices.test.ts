/** Each amount is the published price, computed by hand in the title. */
import { describe, expect, it } from 'vitest';
import { knownRates } from '../../../../core/ledger/known-prices.ts';
import { vendorAt } from '../../../../core/ledger/published-rates.ts';
import type { TokenUsage } from '../../../../core/ledger/token-usage.ts';
import { aPriceList } from '../../../support/a-price-list.ts';

const openai = aPriceList();
const aws = aPriceList({ vendor: 'aws' });
const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

describe('a published price', () => {
  it.each<[string, typeof openai, string, TokenUsage, number]>([
    [
      // https://openai.com/api/pricing: $0.15, cached $0.075, output $0.60
      'gpt-4o-mini: 600 × 0.15 + 400 × 0.075 + 200 × 0.6 = 90 + 30 + 120',
      openai,
      'gpt-4o-mini',
      { uncachedInput: 600, cacheRead: 400, output: 200 },
      240,
    ],
    [
      'the same of a dated name',
      openai,
      'gpt-4o-mini-2024-07-18',
      { uncachedInput: 600, cacheRead: 400, output: 200 },
      240,
    ],
    [
      // In a region: $3.30, write $4.125, for an hour twice the input, read $0.33, output $16.50
      'Claude in a region: 10 × 3.3 + 700 × 0.33 + 40 × 4.125 + 60 × 6.6 + 9 × 16.5 = 33 + 231 + 165 + 396 + 148.5',
      aws,
      CLAUDE,
      { uncachedInput: 10, cacheRead: 700, cacheWrite5m: 40, cacheWrite1h: 60, output: 9 },
      974,
    ],
    [
      'Claude anywhere: 10 × 3 + 40 × 3.75 + 60 × 6 + 9 × 15 = 30 + 150 + 360 + 135',
      aws,
      CLAUDE.replace('us.', 'global.'),
      { uncachedInput: 10, cacheWrite5m: 40, cacheWrite1h: 60, output: 9 },
      675,
    ],
    [
      'Claude by the ARN of a profile: 1,000 × 3.3',
      aws,
      `arn:aws:bedrock:us-east-1:111122223333:inference-profile/${CLAUDE}`,
      { uncachedInput: 1_000, output: 0 },
      3_300,
    ],
    [
      // $8 for a global Opus 5.5, as AWS lists it
      'Claude with a price of its own for an hour: 100 × 8',
      aws,
      'global.anthropic.claude-opus-5-5',
      { uncachedInput: 0, cacheWrite1h: 100, output: 0 },
      800,
    ],
    [
      // $1.10 and $4.40; thoughts are output
      'o4-mini, which thinks: 75 × 1.1 + 1,186 × 4.4 = 82.5 + 5,218.4',
      openai,
      'o4-mini-2025-04-16',
      { uncachedInput: 75, output: 1_186, reasoning: 1_024 },
      5_301,
    ],
    [
      // Text $2.50 and $10, audio $32 and $64
      'gpt-audio: 20 × 2.5 + 80 × 32 + 10 × 10 + 90 × 64 = 50 + 2,560 + 100 + 5,760',
      openai,
      'gpt-audio',
      { uncachedInput: 100, audioInput: 80, output: 100, audioOutput: 90 },
      8_470,
    ],
    [
      'gpt-4o-audio-preview: 100 × 40 + 100 × 80 = 4,000 + 8,000',
      openai,
      'gpt-4o-audio-preview-2024-12-17',
      { uncachedInput: 100, audioInput: 100, output: 100, audioOutput: 100 },
      12_000,
    ],
    [
      'gpt-4o-mini-audio-preview: 100 × 10 + 100 × 20 = 1,000 + 2,000',
      openai,
      'gpt-4o-mini-audio-preview',
      { uncachedInput: 100, audioInput: 100, output: 100, audioOutput: 100 },
      3_000,
    ],
    [
      // Up to 272,000 tokens: $2.50, $0.25, $15
      'gpt-5.4, a short prompt: 100,000 × 2.5 + 171,999 × 0.25 + 100 × 15 = 250,000 + 42,999.75 + 1,500',
      openai,
      'gpt-5.4',
      { uncachedInput: 100_000, cacheRead: 171_999, output: 100 },
      294_500,
    ],
    [
      // From there on: $5, $0.50, $22.50
      'gpt-5.4, a long prompt: 100,000 × 5 + 172,000 × 0.5 + 100 × 22.5 = 500,000 + 86,000 + 2,250',
      openai,
      'gpt-5.4',
      { uncachedInput: 100_000, cacheRead: 172_000, output: 100 },
      588_250,
    ],
    [
      'embeddings: 1,000 × 0.02',
      openai,
      'text-embedding-3-small',
      { uncachedInput: 1_000, output: 0 },
      20,
    ],
    [
      'Titan embeddings, not at the price of the first version: 1,000 × 0.02',
      aws,
      'amazon.titan-embed-text-v2:0',
      { uncachedInput: 1_000, output: 0 },
      20,
    ],
    [
      'the first version of them: 1,000 × 0.1',
      aws,
      'amazon.titan-embed-text-v1',
      { uncachedInput: 1_000, output: 0 },
      100,
    ],
    [
      'Cohere embeddings: 1,000 × 0.1',
      aws,
      'cohere.embed-english-v3',
      { uncachedInput: 1_000, output: 0 },
      100,
    ],
    [
      'Cohere embeddings, v4: 1,000 × 0.12',
      aws,
      'us.cohere.embed-v4:0',
      { uncachedInput: 1_000, output: 0 },
      120,
    ],
  ])('%s', (_, list, model, usage, amount) => {
    expect(list.price(model, { usage, status: 'exact' })).toEqual({
      microUsd: amount,
      status: 'exact',
    });
  });

  it('that is missing is not made up from what is known of its family', () => {
    expect(knownRates('aws', 'anthropic.claude-99', undefined)).toBeUndefined();
  });

  it('is the one of its day, known to the minute', () => {
    let now = Date.parse('2025-06-10T00:00:00Z') - 30_000;
    const list = aPriceList({ now: () => now });
    const usage = { uncachedInput: 100, output: 0 };
    const price = () => list.price('o3', { usage, status: 'exact' }).microUsd;
    // $10 until 10 June 2025, then $2. https://openai.com/api/pricing
    expect(price()).toBe(1_000);
    now += 60_000;
    expect(price()).toBe(200);
  });

  it.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1', 'aws'],
    ['https://x.openai.azure.com/openai/v1', 'azure'],
    ['http://127.0.0.1:11434/v1', undefined],
  ])('at %s is that of %s', (baseUrl, vendor) => {
    expect(vendorAt(baseUrl)).toBe(vendor);
  });
});

describe('the tier that a request was served in', () => {
  const usage = { uncachedInput: 100, output: 100 };

  it.each<[string, typeof openai, string, string, number, string]>([
    // gpt-5: 100 × 1.25 + 100 × 10 = 1,125
    ['standard', openai, 'gpt-5', 'default', 1_125, 'exact'],
    ['half of it, rounded up', openai, 'gpt-5', 'flex', 563, 'exact'],
    ['half of it in a batch', openai, 'gpt-5', 'batch', 563, 'exact'],
    // 100 × 2.5 + 100 × 20
    ['priority', openai, 'gpt-5', 'priority', 2_250, 'exact'],
    // 100 × 0.45 + 100 × 3.6
    ['priority', openai, 'gpt-5-mini', 'priority', 405, 'exact'],
    // 100 × 3.5 + 100 × 14
    ['priority', openai, 'gpt-4.1', 'priority', 1_750, 'exact'],
    // 100 × 0.2 + 100 × 0.8
    ['priority', openai, 'gpt-4.1-nano', 'priority', 100, 'exact'],
    // 100 × 4.25 + 100 × 17
    ['priority', openai, 'gpt-4o', 'priority', 2_125, 'exact'],
    // 100 × 0.25 + 100 × 1
    ['priority', openai, 'gpt-4o-mini', 'priority', 125, 'exact'],
    // 100 × 8.75 + 100 × 26.25
    ['priority', openai, 'gpt-4o-2024-05-13', 'priority', 3_500, 'exact'],
    // 100 × 2 + 100 × 8
    ['priority', openai, 'o4-mini', 'priority', 1_000, 'exact'],
    // 2 × (100 × 2 + 100 × 10); no source has it
    ['priority, as far as is known', openai, 'gpt-6-sol', 'priority', 2_400, 'estimated'],
    // gpt-oss-120b: 100 × 0.15 + 100 × 0.6 = 75
    ['half of it', aws, 'openai.gpt-oss-120b-1:0', 'flex', 38, 'exact'],
    ['three quarters more', aws, 'openai.gpt-oss-120b-1:0', 'priority', 132, 'exact'],
    ['reserved, at the standard price', aws, 'openai.gpt-oss-120b-1:0', 'reserved', 75, 'exact'],
  ])('makes its price %s', (_, list, model, tier, amount, status) => {
    expect(list.price(model, { usage, status: 'exact', tier })).toEqual({
      microUsd: amount,
      status,
    });
  });

  it("means nothing on a server of one's own", () => {
    const own = { m: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } };
    const list = aPriceList({ vendor: undefined, own });
    expect(list.price('m', { usage, status: 'exact', tier: 'flex' }).microUsd).toBe(200);
  });
});
