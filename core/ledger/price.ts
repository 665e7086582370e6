/** Usage × price, exactly: the operator's own prices first, then the published ones. */
import { calcPrice } from '@pydantic/genai-prices';
import type { Usage } from '../contract/chat.ts';
import { type MicroUsd, microUsd } from '../contract/money.ts';

/** USD per million tokens, as the operator's configuration has it. */
export interface OwnPrice {
  readonly inputPerMillionUsd: number;
  readonly outputPerMillionUsd: number;
  readonly cacheReadPerMillionUsd?: number | undefined;
}

export interface PricedModel {
  /** The model's own id at its provider. */
  readonly model: string;
  /** Where published prices are looked up; undefined for servers of one's own. */
  readonly vendor?: 'openai' | 'aws' | undefined;
  readonly own?: OwnPrice | undefined;
}

/** Tokens that cost something, apart. Reasoning tokens are output. */
export interface BilledTokens {
  /** Cached ones included. */
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** Assumed for a request that does not bound its answer. */
const DEFAULT_MAX_OUTPUT = 16_384;

/** USD per million tokens is micro-USD per token. A model without a price is `unpriced`, which is not free. */
export function price(model: PricedModel, tokens: BilledTokens): MicroUsd | 'unpriced' {
  if (model.own) return ownPrice(model.own, tokens);
  if (!model.vendor) return 'unpriced';
  const usage = {
    input_tokens: tokens.input,
    cache_read_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
  };
  const found = calcPrice(usage, model.model, { providerId: model.vendor });
  return found ? roundUp(found.total_price * 1_000_000) : 'unpriced';
}

/** Bytes bound tokens from above, since no token is shorter than a byte. */
export function worstCase(
  model: PricedModel,
  {
    wire,
    maxTokens = DEFAULT_MAX_OUTPUT,
  }: { readonly wire: unknown; readonly maxTokens?: number | undefined },
): MicroUsd | 'unpriced' {
  const input = new TextEncoder().encode(JSON.stringify(wire)).byteLength;
  return price(model, { input, cacheRead: 0, output: maxTokens });
}

export function billedTokens(usage: Usage): BilledTokens {
  return {
    input: usage.prompt_tokens,
    cacheRead: usage.prompt_tokens_details?.cached_tokens ?? 0,
    output: usage.completion_tokens,
  };
}

function ownPrice(own: OwnPrice, tokens: BilledTokens): MicroUsd {
  const cacheRead = own.cacheReadPerMillionUsd ?? own.inputPerMillionUsd;
  return roundUp(
    (tokens.input - tokens.cacheRead) * own.inputPerMillionUsd +
      tokens.cacheRead * cacheRead +
      tokens.output * own.outputPerMillionUsd,
  );
}

/** Up to the next whole micro-dollar, after taking away the noise of binary fractions. */
const roundUp = (amount: number): MicroUsd => microUsd(Math.ceil(Number(amount.toPrecision(12))));
