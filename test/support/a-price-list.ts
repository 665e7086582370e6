/** Price lists as the registry makes them, at a fixed time. */
import { createPriceList, type PriceListOptions } from '../../core/ledger/price.ts';

const PRICED_AT = Date.parse('2026-11-01T00:00:00Z');

/** OpenAI's, and the models that were charged without a price. */
export function aPriceList(options: Partial<PriceListOptions> = {}) {
  const unpriced: string[] = [];
  const list = createPriceList({
    models: [],
    own: {},
    vendor: 'openai',
    now: () => PRICED_AT,
    onUnpriced: (model) => unpriced.push(model),
    ...options,
  });
  return { ...list, unpriced };
}
