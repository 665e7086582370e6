import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseRate,
  charge,
  chargeAtMost,
  type Rate,
  type Rates,
} from '../../../../core/ledger/rates.ts';
import { promptTokens } from '../../../../core/ledger/token-usage.ts';

const FULL = { times: 1, over: 1 };
const used = { uncachedInput: 0, output: 0 };
const tiered: Rate = {
  base: 1,
  tiers: [
    { start: 2_000, price: 4 },
    { start: 1_000, price: 2 },
  ],
};

describe('charging', () => {
  it.each([
    ['input and output', { input: 0.2, output: 0.8 }, { uncachedInput: 1000, output: 500 }, 600],
    ['nothing', { input: 1, output: 1 }, used, 0],
    ['a fraction, rounded up', { input: 0.2 }, { ...used, uncachedInput: 1 }, 1],
    [
      'the sum of fractions, rounded up once',
      { input: 0.4, output: 0.4 },
      { uncachedInput: 1, output: 1 },
      1,
    ],
    // In binary, 3 × 0.1 is a little above 0.3.
    ['without the noise of binary fractions', { input: 0.1 }, { ...used, uncachedInput: 30 }, 3],
    ['cache reads at their price', { input: 1, cacheRead: 0.1 }, { ...used, cacheRead: 100 }, 10],
    ['cache reads without a price as input', { input: 1 }, { ...used, cacheRead: 100 }, 100],
    [
      'cache writes without a price as input',
      { input: 1 },
      { ...used, cacheWrite5m: 100, cacheWrite1h: 1 },
      101,
    ],
    [
      'cache writes for an hour as others, where they have no price of their own',
      { input: 1, cacheWrite5m: 1.25 },
      { ...used, cacheWrite1h: 100 },
      125,
    ],
    [
      'audio and images, which are part of the input, once',
      { input: 1, audioInput: 10, imageInput: 5 },
      { ...used, uncachedInput: 100, audioInput: 20, imageInput: 30 },
      // 50 × 1 + 20 × 10 + 30 × 5
      400,
    ],
    [
      'spoken output, which is part of the output, once',
      { input: 1, output: 2, audioOutput: 20 },
      { uncachedInput: 0, output: 100, audioOutput: 60, reasoning: 10 },
      // 40 × 2 + 60 × 20
      1280,
    ],
    [
      'audio without a price as text',
      { input: 1, output: 2 },
      { uncachedInput: 3, audioInput: 3, output: 2, audioOutput: 2 },
      7,
    ],
  ])('%s', (_, rates, usage, amount) => {
    expect(charge(rates, usage, FULL)).toBe(amount);
  });

  it.each([
    [1_000, 1_000],
    [1_001, 2_002],
    [2_000, 4_000],
    [2_001, 8_004],
  ])('a prompt of %d at the rate of its length, all of it', (uncachedInput, amount) => {
    expect(charge({ input: tiered }, { ...used, uncachedInput }, FULL)).toBe(amount);
  });

  it('long prompts count with what was cached of them', () => {
    const rates = { input: tiered, cacheRead: tiered, output: tiered };
    const usage = { uncachedInput: 500, cacheRead: 501, output: 1 };
    // 1,001 tokens at 2, and one more
    expect(charge(rates, usage, FULL)).toBe(2_004);
  });

  it('applies a factor to the sum, before it is rounded', () => {
    expect(charge({ input: 1 }, { ...used, uncachedInput: 3 }, { times: 1, over: 2 })).toBe(2);
    expect(charge({ input: 1 }, { ...used, uncachedInput: 3 }, { times: 5, over: 3 })).toBe(5);
  });

  it('output of a model that is not sold for output has no price', () => {
    expect(charge({ input: 1 }, { uncachedInput: 1, output: 1 }, FULL)).toBeUndefined();
    expect(chargeAtMost({ input: 1 }, { input: 1, output: 1 }, FULL)).toBeUndefined();
    expect(chargeAtMost({ input: 1 }, { input: 1, output: 0 }, FULL)).toBe(1);
  });
});

it('the base rate is that of short prompts', () => {
  expect([baseRate(3), baseRate(tiered)]).toEqual([3, 1]);
});

/** As a price list has it: up to six decimals. */
const usd = fc.nat(1_000_000_000).map((millionths) => millionths / 1_000_000);
const rate: fc.Arbitrary<Rate> = fc.oneof(
  usd,
  fc.record({
    base: usd,
    tiers: fc.array(fc.record({ start: fc.nat(500_000), price: usd }), { maxLength: 3 }),
  }),
);
const rates: fc.Arbitrary<Rates> = fc.record(
  {
    input: rate,
    output: rate,
    cacheRead: rate,
    cacheWrite5m: rate,
    cacheWrite1h: rate,
    audioInput: rate,
    imageInput: rate,
    audioOutput: rate,
  },
  { requiredKeys: ['input', 'output'] },
);
const tokens = fc.nat(300_000);
const usage = fc
  .record({
    plain: tokens,
    audioInput: tokens,
    imageInput: tokens,
    cacheRead: tokens,
    cacheWrite5m: tokens,
    cacheWrite1h: tokens,
    said: tokens,
    audioOutput: tokens,
  })
  .map(({ plain, said, ...parts }) => ({
    ...parts,
    uncachedInput: plain + parts.audioInput + parts.imageInput,
    output: said + parts.audioOutput,
  }));
const factor = fc.record({
  times: fc.integer({ min: 1, max: 20 }),
  over: fc.integer({ min: 1, max: 20 }),
});

it('no sum drifts: it is what arithmetic with whole numbers says', () =>
  fc.assert(
    fc.property(fc.array(usd, { minLength: 5, maxLength: 5 }), usage, factor, (prices, use, by) => {
      const [input = 0, output = 0, cacheRead = 0, cacheWrite5m = 0, audioInput = 0] = prices;
      const millionths = (price: number) => BigInt(price.toFixed(6).replace('.', ''));
      const sum =
        BigInt(use.uncachedInput - use.audioInput) * millionths(input) +
        BigInt(use.audioInput) * millionths(audioInput) +
        BigInt(use.cacheRead) * millionths(cacheRead) +
        BigInt(use.cacheWrite5m + use.cacheWrite1h) * millionths(cacheWrite5m) +
        BigInt(use.output) * millionths(output);
      const scaled = sum * BigInt(by.times);
      const unit = 1_000_000n * BigInt(by.over);
      const whole = scaled / unit + (scaled % unit > 0n ? 1n : 0n);
      const charged = charge({ input, output, cacheRead, cacheWrite5m, audioInput }, use, by);
      expect(charged).toBe(Number(whole));
    }),
  ));

it('nothing within the bounds is charged more than the worst case', () =>
  fc.assert(
    fc.property(rates, usage, fc.nat(1_000), factor, (prices, use, room, by) => {
      const bounds = { input: promptTokens(use) + room, output: use.output + room };
      const worst = chargeAtMost(prices, bounds, by);
      expect(worst).toBeGreaterThanOrEqual(Number(charge(prices, use, by)));
    }),
  ));
