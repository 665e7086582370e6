/** What the demonstration model understands of a question: its meaningful words and its price bounds. */
import { cut } from './tokens.ts';

export interface Question {
  readonly text: string;
  /** Lower case, in the question's order, each once; neither stop words nor the price phrase. */
  readonly words: readonly string[];
  /** In hundredths of whatever currency the shop uses. */
  readonly minPriceCents: number | undefined;
  readonly maxPriceCents: number | undefined;
}

/** Whatever follows is not read: a shop question is short. */
const MAX_CHARACTERS = 1_000;
const MAX_WORDS = 12;

export function understand(message: string): Question {
  const text = cut(message.trim(), MAX_CHARACTERS);
  const amounts: { min?: string; max?: string } = {};
  let rest = text;
  for (const phrase of [BETWEEN, AT_MOST, AT_LEAST]) {
    const found = phrase.exec(rest);
    if (!found) continue;
    Object.assign(amounts, found.groups);
    rest = rest.replace(found[0], ' ');
  }
  return {
    text,
    words: meaningfulWords(rest),
    minPriceCents: toCents(amounts.min),
    maxPriceCents: toCents(amounts.max),
  };
}

const amount = (name: string) =>
  String.raw`(?:[$€£]\s*)?(?<${name}>\d[\d.,]{0,11})(?:\s*(?:[$€£]|(?:euros?|eur|dollars?|usd|bucks|pounds?|gbp)\b))?`;
/** "Under 15 inches" is no price; neither is its beginning, "under 1". */
const NO_UNIT = String.raw`(?![\d.,]*\s*(?:["%]|(?:inch(?:es)?|cm|mm|gb|tb|kg|hours?|hz|mah)\b))`;
const phrase = (pattern: string) => new RegExp(String.raw`\b${pattern}${NO_UNIT}`, 'iu');

const BETWEEN = phrase(
  `(?:between|from)\\s+${amount('min')}\\s*(?:and|to|-|–)\\s*${amount('max')}`,
);
const AT_MOST = phrase(
  `(?:under|below|within|less than|cheaper than|up to|at most|(?:no|not) more than)\\s+${amount('max')}`,
);
const AT_LEAST = phrase(`(?:over|above|more than|at least)\\s+${amount('min')}`);

/** "1,299.99", "1.299,99" and "50" alike: only one or two last digits are a fraction. */
function toCents(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?[.,]?$/.exec(written) ?? [];
  return Number(whole.replace(/[.,]/g, '')) * 100 + Number(fraction.padEnd(2, '0'));
}

function meaningfulWords(text: string): readonly string[] {
  const words = text.toLowerCase().replaceAll('’', "'").match(WORD) ?? [];
  return [...new Set(words)].filter((word) => !STOP_WORDS.has(word)).slice(0, MAX_WORDS);
}

const WORD = /[\p{L}\p{N}]+(?:[-'.][\p{L}\p{N}]+)*/gu;

const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about all am an and any are as at be best buy by can cheap cheapest could do does find for from
   get give good got has have hello hey hi how i i'd i'm in is it list looking me much my need of on or
   please price prices product products recommend search sell shop show some suggest tell thanks that
   the their there these they this to us want was we what what's which who why will with would you your`
    .trim()
    .split(/\s+/),
);
