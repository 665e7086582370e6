/** What tokens cost, and the arithmetic: in whole fractions of a micro-dollar, rounded up once. */
import { type MicroUsd, microUsd } from '../contract/money.ts';
import { promptTokens, type TokenUsage } from './token-usage.ts';

/** USD per million tokens; `tiers` in place of `base` for prompts of more than `start` tokens. */
export type Rate =
  | number
  | {
      readonly base: number;
      readonly tiers: readonly { readonly start: number; readonly price: number }[];
    };

/** Where a rate is missing, that of the plain tokens holds. Without one for output, a model gives none. */
export interface Rates {
  readonly input: Rate;
  readonly output?: Rate | undefined;
  readonly cacheRead?: Rate | undefined;
  readonly cacheWrite5m?: Rate | undefined;
  readonly cacheWrite1h?: Rate | undefined;
  readonly audioInput?: Rate | undefined;
  readonly imageInput?: Rate | undefined;
  readonly audioOutput?: Rate | undefined;
}

/** A fraction, since a third cannot be written as a decimal. */
export interface Factor {
  readonly times: number;
  readonly over: number;
}

/** The whole request at once: tokens × rate, summed exactly. Undefined for tokens without a rate. */
export function charge(rates: Rates, usage: TokenUsage, factor: Factor): MicroUsd | undefined {
  const prompt = promptTokens(usage);
  let sum = 0n;
  for (const [tokens, rate] of [...inputParts(usage, rates), ...outputParts(usage, rates)]) {
    if (tokens === 0) continue;
    if (rate === undefined) return undefined;
    sum += BigInt(tokens) * toFemtoUsd(rateFor(rate, prompt));
  }
  return roundUp(sum, factor);
}

type Part = readonly [tokens: number, rate: Rate | undefined];

function inputParts(usage: TokenUsage, { input, cacheWrite5m = input, ...rates }: Rates): Part[] {
  const { audioInput = 0, imageInput = 0 } = usage;
  return [
    [usage.uncachedInput - audioInput - imageInput, input],
    [audioInput, rates.audioInput ?? input],
    [imageInput, rates.imageInput ?? input],
    [usage.cacheRead ?? 0, rates.cacheRead ?? input],
    [usage.cacheWrite5m ?? 0, cacheWrite5m],
    [usage.cacheWrite1h ?? 0, rates.cacheWrite1h ?? cacheWrite5m],
  ];
}

const outputParts = ({ output, audioOutput = 0 }: TokenUsage, rates: Rates): Part[] => [
  [output - audioOutput, rates.output],
  [audioOutput, rates.audioOutput ?? rates.output],
];

/** No usage within the bounds is charged more: every token at the dearest rate that it may have. */
export function chargeAtMost(
  rates: Rates,
  { input, output }: { readonly input: number; readonly output: number },
  factor: Factor,
): MicroUsd | undefined {
  if (output > 0 && rates.output === undefined) return undefined;
  const { output: textOutput, audioOutput, ...inputRates } = rates;
  const sum =
    BigInt(input) * dearest(Object.values(inputRates), input) +
    BigInt(output) * dearest([textOutput, audioOutput], input);
  return roundUp(sum, factor);
}

/** The rate of short prompts, as price lists show it. */
export const baseRate = (rate: Rate): number => (typeof rate === 'number' ? rate : rate.base);

const FEMTO_PER_MICRO = 1_000_000_000n;

/** USD per million tokens is micro-dollars a token. Nine decimals of that are more than any price has. */
const toFemtoUsd = (rate: number): bigint => BigInt(Math.round(rate * Number(FEMTO_PER_MICRO)));

function rateFor(rate: Rate, prompt: number): number {
  if (typeof rate === 'number') return rate;
  const reached = rate.tiers.filter(({ start }) => prompt > start);
  return reached.reduce((last, tier) => (tier.start > last.start ? tier : last), {
    start: -1,
    price: rate.base,
  }).price;
}

function dearest(rates: readonly (Rate | undefined)[], prompt: number): bigint {
  const candidates = rates.flatMap((rate) => {
    if (rate === undefined || typeof rate === 'number') return rate ?? [];
    return [
      rate.base,
      ...rate.tiers.filter(({ start }) => prompt > start).map(({ price }) => price),
    ];
  });
  return toFemtoUsd(Math.max(0, ...candidates));
}

function roundUp(femtoUsd: bigint, { times, over }: Factor): MicroUsd {
  const divisor = FEMTO_PER_MICRO * BigInt(over);
  return microUsd(Number((femtoUsd * BigInt(times) + divisor - 1n) / divisor));
}
