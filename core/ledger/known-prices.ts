/**
 * What the published prices lack or have wrong, each with its source. Checked in November 2026; a row goes
 * when `@pydantic/genai-prices` has learned it.
 */
import { baseRate, type Factor, type Rates } from './rates.ts';

interface Gap {
  readonly vendor: string;
  readonly model: RegExp;
  /** In place of published rates, or beside them. */
  readonly rates: Rates | ((published: Rates) => Rates);
}

const GAPS: readonly Gap[] = [
  // Published at the price of its predecessor, $0.10. https://aws.amazon.com/bedrock/pricing/
  { vendor: 'aws', model: /amazon\.titan-embed-text-v2/, rates: { input: 0.02 } },
  // https://aws.amazon.com/bedrock/pricing/
  { vendor: 'aws', model: /cohere\.embed-(english|multilingual)-v3/, rates: { input: 0.1 } },
  { vendor: 'aws', model: /cohere\.embed-v4/, rates: { input: 0.12 } },
  // Writes for an hour cost twice the input. https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
  {
    vendor: 'aws',
    model: /anthropic\.claude/,
    rates: (published) => ({
      ...published,
      cacheWrite1h: published.cacheWrite1h ?? 2 * baseRate(published.input),
    }),
  },
  // Audio at the price of text otherwise. https://developers.openai.com/api/docs/models/gpt-4o-audio-preview
  {
    vendor: 'openai',
    model: /^gpt-4o-audio-preview/,
    rates: { input: 2.5, output: 10, audioInput: 40, audioOutput: 80 },
  },
  // https://developers.openai.com/api/docs/models/gpt-4o-mini-audio-preview
  {
    vendor: 'openai',
    model: /^gpt-4o-mini-audio/,
    rates: { input: 0.15, output: 0.6, audioInput: 10, audioOutput: 20 },
  },
];

/** The rates of a hosted model with its gap closed; undefined for one that no source knows. */
export function knownRates(
  vendor: string,
  model: string,
  published: Rates | undefined,
): Rates | undefined {
  const gap = GAPS.find((each) => each.vendor === vendor && each.model.test(model));
  if (!gap) return published;
  if (typeof gap.rates !== 'function') return gap.rates;
  return published && gap.rates(published);
}

export interface TierFactor {
  readonly factor: Factor;
  /** False where the source has no price for the model, and the dearest of its vendor is taken. */
  readonly isKnown: boolean;
}

const FULL: Factor = { times: 1, over: 1 };
const HALF: Factor = { times: 1, over: 2 };
const DOUBLE: Factor = { times: 2, over: 1 };

/** Priority processing, as a multiple of every price of the model. https://openai.com/api-priority-processing/ */
const OPENAI_PRIORITY: readonly (readonly [RegExp, Factor])[] = [
  [/^gpt-5-mini/, { times: 9, over: 5 }],
  [/^gpt-5/, DOUBLE],
  [/^gpt-4\.1-nano/, DOUBLE],
  [/^gpt-4\.1|^gpt-4o-2024-05-13|^o3/, { times: 7, over: 4 }],
  [/^gpt-4o-mini/, { times: 5, over: 3 }],
  [/^gpt-4o/, { times: 17, over: 10 }],
  [/^o4-mini/, { times: 20, over: 11 }],
];

/**
 * What the tier that a request was served in makes of its price. Flex and batch are half of it, at OpenAI
 * (https://developers.openai.com/api/docs/pricing) and on Bedrock, where priority is three quarters more
 * (https://aws.amazon.com/bedrock/pricing/). Other vendors sell none of these.
 */
export function tierFactor(
  vendor: string | undefined,
  model: string,
  tier: string | undefined,
): TierFactor {
  const isSold = vendor === 'openai' || vendor === 'aws';
  if (isSold && (tier === 'flex' || tier === 'batch')) return { factor: HALF, isKnown: true };
  if (!isSold || tier !== 'priority') return { factor: FULL, isKnown: true };
  if (vendor === 'aws') return { factor: { times: 7, over: 4 }, isKnown: true };
  const factor = OPENAI_PRIORITY.find(([id]) => id.test(model))?.[1];
  return { factor: factor ?? DOUBLE, isKnown: factor !== undefined };
}
