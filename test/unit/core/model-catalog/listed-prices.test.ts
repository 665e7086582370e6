import { expect, it } from 'vitest';
import type { Rates } from '../../../../core/ledger/rates.ts';
import { listedPrices } from '../../../../core/model-catalog/listed-prices.ts';

it.each<[string, Rates, readonly [string, string, string, string]]>([
  [
    'cached tokens at the price of the others where they have none',
    { input: 0.2, output: 0.8 },
    ['0.2', '0.2', '0.2', '0.8'],
  ],
  [
    'prices below a cent',
    { input: 0.0375, output: 10, cacheRead: 0.0075, cacheWrite5m: 0.1 + 0.2 },
    ['0.0375', '0.0075', '0.3', '10'],
  ],
  ['no output as costing nothing', { input: 100 }, ['100', '100', '100', '0']],
  [
    'the price of short prompts',
    { input: { base: 2.5, tiers: [{ start: 271_999, price: 5 }] }, output: 15 },
    ['2.5', '2.5', '2.5', '15'],
  ],
])('lists %s', (_, rates, [input, cacheRead, cacheWrite, output]) => {
  expect(listedPrices(rates)).toEqual({
    inputPerMillionUsd: input,
    cacheReadPerMillionUsd: cacheRead,
    cacheWritePerMillionUsd: cacheWrite,
    outputPerMillionUsd: output,
  });
});

it('lists no price for a model that has none', () => {
  expect(listedPrices(undefined)).toBeNull();
});
