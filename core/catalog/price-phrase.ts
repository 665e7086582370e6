/** Reads what a query says about the price: "headphones under $200" asks for headphones, up to $200. */

export interface PricedQuery {
  /** The query without its price phrases. */
  readonly text: string;
  /** Minor units of the catalogue's currency. */
  readonly price: { readonly min?: number; readonly max?: number };
}

const NUMBER = String.raw`(\d[\d,]*(?:\.\d+)?)`;
const MONEY = String.raw`(?:[$€£]|(?:usd|eur|gbp|dollars?|euros?|bucks)\b)`;
const AMOUNT = String.raw`[$€£]?\s?${NUMBER}(?:\s?${MONEY})?`;
const RANGE = String.raw`${AMOUNT}\s*(?:and|to|-|–)\s*${AMOUNT}`;

interface Rule {
  readonly pattern: RegExp;
  /** What the numbers of the pattern are. */
  readonly bounds: readonly ('min' | 'max')[];
  /** A price only with a sign or name of a currency: "sizes 8 to 10" is none. */
  readonly needsMoney: boolean;
}

const rule = (pattern: string, bounds: Rule['bounds'], needsMoney = false): Rule => ({
  pattern: new RegExp(pattern, 'i'),
  bounds,
  needsMoney,
});

const RULES: readonly Rule[] = [
  rule(`\\b(?:between|from) ${RANGE}`, ['min', 'max']),
  rule(RANGE, ['min', 'max'], true),
  rule(`\\b(?:under|below|less than|cheaper than|up to|at most) ${AMOUNT}`, ['max']),
  rule(`\\b(?:over|above|more than|at least) ${AMOUNT}`, ['min']),
];

const HAS_MONEY = new RegExp(MONEY, 'i');
/** What may stand behind a bare number that is a price: "under 2 kg" is a weight. */
const PHRASE_END = /^\s*(?:$|[?!;)]|[.,](?:\s|$)|(?:and|but|for|or|please|that|to|which|with)\b)/i;

/** `digits`: decimals of the currency's minor unit. */
export const readPricePhrase = (query: string, digits: number): PricedQuery =>
  RULES.reduce<PricedQuery>((priced, rule) => applyRule(priced, rule, digits), {
    text: query,
    price: {},
  });

function applyRule({ text, price }: PricedQuery, rule: Rule, digits: number): PricedQuery {
  const match = rule.pattern.exec(text);
  if (!match) return { text, price };
  const after = text.slice(match.index + match[0].length);
  const isPrice = HAS_MONEY.test(match[0]) || (!rule.needsMoney && PHRASE_END.test(after));
  if (!isPrice) return { text, price };
  const amounts = rule.bounds.map((bound, index) => [
    bound,
    toMinorUnits(match[index + 1], digits),
  ]);
  return {
    text: `${text.slice(0, match.index)} ${after}`.replaceAll(/\s+/g, ' ').trim(),
    price: { ...price, ...Object.fromEntries(amounts) },
  };
}

const toMinorUnits = (amount = '', digits: number): number =>
  Math.round(Number(amount.replaceAll(',', '')) * 10 ** digits);
