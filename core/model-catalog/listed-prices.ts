import { baseRate, type Rate, type Rates } from '../ledger/rates.ts';

/** USD per million tokens, as decimal strings; those of short prompts where long ones cost more. */
export interface ListedPrices {
  readonly inputPerMillionUsd: string;
  readonly cacheReadPerMillionUsd: string;
  readonly cacheWritePerMillionUsd: string;
  readonly outputPerMillionUsd: string;
}

/** The rates that answers are charged by. Null where none are known. */
export function listedPrices(rates: Rates | undefined): ListedPrices | null {
  if (!rates) return null;
  const { input, output = 0 } = rates;
  return {
    inputPerMillionUsd: decimal(input),
    cacheReadPerMillionUsd: decimal(rates.cacheRead ?? input),
    cacheWritePerMillionUsd: decimal(rates.cacheWrite5m ?? input),
    outputPerMillionUsd: decimal(output),
  };
}

/** Without an exponent, and without the noise of binary fractions. */
const decimal = (rate: Rate): string =>
  baseRate(rate)
    .toFixed(9)
    .replace(/\.?0+$/, '');
