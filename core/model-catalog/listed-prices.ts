import type { Usage } from '../contract/chat.ts';
import { formatUsd, type MicroUsd, microUsd } from '../contract/money.ts';

/** USD per million tokens, as decimal strings. */
export interface ListedPrices {
  readonly inputPerMillionUsd: string;
  readonly cacheReadPerMillionUsd: string;
  readonly outputPerMillionUsd: string;
}

/** Few enough for the price of ordinary requests: longer ones may cost more by the token. */
const SAMPLE_TOKENS = 10_000;

/** Asked of the same function that prices answers, so that the list cannot differ from the bill. Null where it knows none. */
export function listedPrices(price: (usage: Usage) => MicroUsd | 'unpriced'): ListedPrices | null {
  const [input, cacheRead, output] = [
    price(usageOf({ prompt: SAMPLE_TOKENS })),
    price(usageOf({ prompt: SAMPLE_TOKENS, cached: SAMPLE_TOKENS })),
    price(usageOf({ completion: SAMPLE_TOKENS })),
  ].map(perMillion);
  if (input === undefined || cacheRead === undefined || output === undefined) return null;
  return {
    inputPerMillionUsd: input,
    cacheReadPerMillionUsd: cacheRead,
    outputPerMillionUsd: output,
  };
}

const usageOf = ({ prompt = 0, cached = 0, completion = 0 }): Usage => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { cached_tokens: cached },
});

const perMillion = (cost: MicroUsd | 'unpriced'): string | undefined =>
  cost === 'unpriced' ? undefined : formatUsd(microUsd(cost * (1_000_000 / SAMPLE_TOKENS)));
