import { expect, it } from 'vitest';
import { billedTokens, type PricedModel, price } from '../../../../core/ledger/price.ts';
import { listedPrices } from '../../../../core/model-catalog/listed-prices.ts';

const listed = (model: PricedModel) => listedPrices((usage) => price(model, billedTokens(usage)));

it.each<[string, PricedModel, string, string, string]>([
  [
    "the operator's own",
    { model: 'm', own: { inputPerMillionUsd: 0.2, outputPerMillionUsd: 0.8 } },
    '0.2',
    '0.2',
    '0.8',
  ],
  [
    'one below a cent',
    {
      model: 'm',
      own: { inputPerMillionUsd: 0.0375, outputPerMillionUsd: 0, cacheReadPerMillionUsd: 0.0075 },
    },
    '0.0375',
    '0.0075',
    '0',
  ],
  ['a published one', { model: 'gpt-4o-mini', vendor: 'openai' }, '0.15', '0.075', '0.6'],
])('lists %s in USD per million tokens', (_, model, input, cacheRead, output) => {
  expect(listed(model)).toEqual({
    inputPerMillionUsd: input,
    cacheReadPerMillionUsd: cacheRead,
    outputPerMillionUsd: output,
  });
});

it('lists no price for a model that has none', () => {
  expect(listed({ model: 'nobody-knows', vendor: 'openai' })).toBeNull();
});
