/** What a provider's models cost: the operator's own prices first, then the published ones. */
import { type Cost, type MicroUsd, microUsd, UNPRICED } from '../contract/money.ts';
import { knownRates, tierFactor } from './known-prices.ts';
import { boundInput, boundOutput, type SizedRequest } from './prompt-size.ts';
import { publishedModel } from './published-rates.ts';
import { charge, chargeAtMost, type Factor, type Rates } from './rates.ts';
import type { BilledUsage } from './token-usage.ts';

/** USD per million tokens, as the operator's configuration has it. */
export interface OwnPrice {
  readonly inputPerMillionUsd: number;
  readonly outputPerMillionUsd: number;
  readonly cacheReadPerMillionUsd?: number | undefined;
  readonly cacheWritePerMillionUsd?: number | undefined;
  readonly cacheWrite1hPerMillionUsd?: number | undefined;
  readonly audioInputPerMillionUsd?: number | undefined;
  readonly audioOutputPerMillionUsd?: number | undefined;
}

export interface PriceListOptions {
  /** Of the configuration; among them a model without a price finds its dearest sibling. */
  readonly models: readonly string[];
  readonly own: Readonly<Record<string, OwnPrice>>;
  /** Where published prices are looked up; undefined for servers of one's own. */
  readonly vendor: string | undefined;
  /** Epoch ms: published prices change. */
  readonly now: () => number;
  /** Told of every answer that had to be charged without a price. */
  readonly onUnpriced: (model: string) => void;
}

export interface TokenBounds {
  readonly input: number;
  /** Of all choices together. */
  readonly output: number;
  /** As the request asks for it. */
  readonly tier?: string | undefined;
}

export interface PriceList {
  /** What an answer with this usage costs. */
  price(model: string, billed: BilledUsage): Cost;
  /** No usage within the bounds costs more. */
  worstCase(model: string, bounds: TokenBounds): Cost;
  /** Of a request for this model, never above its context window. */
  boundTokens(model: string, request: SizedRequest): TokenBounds;
  /** For the list of models. */
  ratesOf(model: string): Rates | undefined;
}

/** The published lists are long: a look-up takes a tenth of a millisecond. */
const KEPT_MS = 60_000;
/** Clients name the models of a provider that lists `*`. */
const MAX_KEPT = 1_000;

export function createPriceList(options: PriceListOptions): PriceList {
  const { vendor, own, now, onUnpriced } = options;
  const siblings = [...new Set([...options.models, ...Object.keys(own)])];

  const published = kept(
    (model) => (vendor === undefined ? undefined : publishedModel(vendor, model, now())),
    now,
  );

  const ratesOf = (model: string): Rates | undefined => {
    if (Object.hasOwn(own, model) && own[model]) return ownRates(own[model]);
    return vendor === undefined ? undefined : knownRates(vendor, model, published(model)?.rates);
  };

  /** One model's amount, or that of its dearest sibling. */
  const amountOf = (model: string, tier: string | undefined, compute: Compute) => {
    const amount = (of: string) => {
      const rates = ratesOf(of);
      return rates && compute(rates, tierFactor(vendor, of, tier).factor);
    };
    const ownAmount = amount(model);
    if (ownAmount !== undefined) return { amount: ownAmount, isPriced: true };
    const amounts = siblings.map((sibling) => amount(sibling) ?? UNPRICED.microUsd);
    return { amount: microUsd(Math.max(0, ...amounts)), isPriced: false };
  };

  return {
    ratesOf,
    price(model, { usage, status, tier }) {
      const { amount, isPriced } = amountOf(model, tier, (rates, factor) =>
        charge(rates, usage, factor),
      );
      if (!isPriced) {
        onUnpriced(model);
        return { microUsd: amount, status: 'unpriced' };
      }
      const { isKnown } = tierFactor(vendor, model, tier);
      return { microUsd: amount, status: isKnown ? status : 'estimated' };
    },
    worstCase(model, { input, output, tier }) {
      const { amount, isPriced } = amountOf(model, tier, (rates, factor) =>
        chargeAtMost(rates, { input, output }, atLeastFull(factor)),
      );
      return { microUsd: amount, status: isPriced ? 'estimated' : 'unpriced' };
    },
    boundTokens(model, request) {
      const window = published(model)?.contextWindow ?? Number.POSITIVE_INFINITY;
      const { n, service_tier } = request.wire;
      return {
        input: Math.min(boundInput(request.wire, request.wire.messages), window),
        output: Math.min(boundOutput(request), window) * (n ?? 1),
        ...(typeof service_tier === 'string' && { tier: service_tier }),
      };
    },
  };
}

function kept<Found>(find: (model: string) => Found, now: () => number): typeof find {
  const found = new Map<string, { readonly value: Found; readonly until: number }>();
  return (model) => {
    const known = found.get(model);
    if (known && now() < known.until) return known.value;
    if (found.size >= MAX_KEPT) found.clear();
    const value = find(model);
    found.set(model, { value, until: now() + KEPT_MS });
    return value;
  };
}

type Compute = (rates: Rates, factor: Factor) => MicroUsd | undefined;

/** A discount that was asked for may not be given. */
const atLeastFull = (factor: Factor): Factor =>
  factor.times < factor.over ? { times: 1, over: 1 } : factor;

const ownRates = (own: OwnPrice): Rates => ({
  input: own.inputPerMillionUsd,
  output: own.outputPerMillionUsd,
  cacheRead: own.cacheReadPerMillionUsd,
  cacheWrite5m: own.cacheWritePerMillionUsd,
  cacheWrite1h: own.cacheWrite1hPerMillionUsd,
  audioInput: own.audioInputPerMillionUsd,
  audioOutput: own.audioOutputPerMillionUsd,
});
