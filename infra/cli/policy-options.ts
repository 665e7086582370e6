/** Limits and budgets as they are typed and shown. */
import type { Call, Option } from './command.ts';
import { count, usd } from './view.ts';

const LIMITS = [
  { option: 'requests-per-minute', field: 'requestsPerMinute', unit: 'requests/min' },
  { option: 'requests-per-hour', field: 'requestsPerHour', unit: 'requests/h' },
  { option: 'requests-per-day', field: 'requestsPerDay', unit: 'requests/day' },
  { option: 'burst', field: 'burstLimit', unit: 'at once' },
  { option: 'tokens-per-minute', field: 'tokensPerMinute', unit: 'tokens/min' },
  { option: 'max-concurrency', field: 'maxConcurrency', unit: 'under way' },
] as const;

export const POLICY_OPTIONS: Readonly<Record<string, Option>> = {
  ...Object.fromEntries(
    LIMITS.map(({ option, unit }) => [option, { value: 'N', does: `limit: ${unit}` }]),
  ),
  budget: {
    value: 'PERIOD=USD,…',
    does: 'such as day=12.50,month=100; periods: day, month, total',
  },
};

/** Those that were given; null for "none". Undefined if there are none. */
export function limitsGiven(call: Call): Readonly<Record<string, number | null>> | undefined {
  const given = LIMITS.flatMap(({ option, field }) => {
    const text = call.option(option);
    if (text === undefined) return [];
    return [[field, text === 'none' ? null : wholeNumber(text, option)] as const];
  });
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

function wholeNumber(text: string, option: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Error(`--${option} takes a whole number or "none", not "${text}".`);
}

/** Null for "none". */
export function budgetsGiven(call: Call): readonly object[] | null | undefined {
  const text = call.option('budget');
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  return text.split(',').map((part) => {
    const [, period, limitUsd] =
      /^(day|month|total)=\$?(\d+(?:\.\d{1,6})?)$/.exec(part.trim()) ?? [];
    if (!period) {
      throw new Error(`--budget takes such as day=12.50,month=100 or "none", not "${text}".`);
    }
    return { period, limitUsd };
  });
}

/** `a,b` as a list; null for "none". */
export function listGiven(call: Call, option: string): readonly string[] | null | undefined {
  const text = call.option(option);
  if (text === undefined) return undefined;
  return text === 'none' ? null : text.split(',').map((part) => part.trim());
}

/** Without what is undefined, so that a change names only what changes. */
export const named = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

export const limitsText = (limits: Readonly<Record<string, number>>): string =>
  LIMITS.flatMap(({ field, unit }) =>
    limits[field] === undefined ? [] : `${count(limits[field])} ${unit}`,
  ).join(', ');

export const budgetsText = (
  budgets: readonly { readonly period: string; readonly limitUsd: string }[],
): string =>
  budgets
    .map(
      ({ period, limitUsd }) => `${usd(limitUsd)} ${period === 'total' ? 'in all' : `a ${period}`}`,
    )
    .join(', ');
