/**
 * How many retries a provider gets from all instances together: a fifth of its requests and ten more,
 * in any ten seconds. A spent retry is paid back by five requests, oldest first, or forgotten when it
 * is old; with ten of them outstanding there is no other. Since nothing can be saved up, the bound
 * holds in every window, not only in aligned ones.
 */
export interface RetryBudget {
  /** When the outstanding retries were spent, oldest first. */
  readonly spentAt: readonly number[];
  /** Requests that have come since the oldest was the oldest. */
  readonly requests: number;
}

export const UNSPENT: RetryBudget = { spentAt: [], requests: 0 };

const MOST_OUTSTANDING_RETRIES = 10;
const REQUESTS_PER_RETRY = 5;
/** The ten seconds, and one for the way from the decision to the provider. */
export const RETRY_WINDOW_MS = 11_000;

/** The budget after one more retry, or `refused`. */
export function spendRetry(budget: RetryBudget, now: number): RetryBudget | 'refused' {
  const live = forget(budget, now);
  if (live.spentAt.length >= MOST_OUTSTANDING_RETRIES) return 'refused';
  return { ...live, spentAt: [...live.spentAt, now] };
}

/** The budget after one more request; itself where nothing is outstanding. */
export function repayRetry(budget: RetryBudget, now: number): RetryBudget {
  const live = forget(budget, now);
  if (live.spentAt.length === 0) return live;
  const requests = live.requests + 1;
  return requests < REQUESTS_PER_RETRY
    ? { ...live, requests }
    : { spentAt: live.spentAt.slice(1), requests: 0 };
}

export const mayRetry = (budget: RetryBudget, now: number): boolean =>
  spendRetry(budget, now) !== 'refused';

function forget(budget: RetryBudget, now: number): RetryBudget {
  const spentAt = budget.spentAt.filter((at) => at > now - RETRY_WINDOW_MS);
  return spentAt.length === budget.spentAt.length ? budget : { spentAt, requests: 0 };
}
