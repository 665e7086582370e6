import type { Admission } from '../budgets/budgets.ts';
import { formatDuration } from '../contract/duration.ts';
import { HEADER } from '../contract/header-names.ts';

/** `x-ratelimit-…-tokens` in the form of OpenAI's API, and whether they were counted apart. `now` in epoch ms. */
export function throughputHeaders(
  admission: Admission | undefined,
  now: number,
): readonly [string, string][] {
  const { tokens, isDegraded = false } = admission ?? {};
  const headers: [string, string][] = [];
  if (isDegraded) headers.push([HEADER.degraded, 'budgets']);
  if (!tokens) return headers;
  return [
    ...headers,
    ['x-ratelimit-limit-tokens', String(tokens.limit)],
    ['x-ratelimit-remaining-tokens', String(tokens.remaining)],
    ['x-ratelimit-reset-tokens', formatDuration(Math.max(0, tokens.resetsAt - now))],
  ];
}
