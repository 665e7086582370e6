/** Which of the targets that are left gets the next attempt. */
import { MAX_ATTEMPTS, MAX_ATTEMPTS_PER_PROVIDER } from './retry.ts';
import { mayRetry, type RetryBudget } from './retry-budget.ts';
import type { Target } from './target.ts';
import { blockOf, type TargetState } from './target-state.ts';

/** What was last heard of a target from the shared store. */
export interface TargetView {
  readonly target: Target;
  readonly state: TargetState;
  /** The running mean; absent when it was not measured lately. */
  readonly firstTokenMs: number | undefined;
  /** The provider's. */
  readonly retries: RetryBudget;
  /** The provider had no place for another call, or another caller has the probe. */
  readonly isTaken: boolean;
}

export type NextStep =
  | { readonly kind: 'try'; readonly view: TargetView }
  /** Nothing is admissible before `until` (epoch ms), when a rate window ends. */
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'nothing' };

interface Situation {
  readonly now: number;
  readonly deadline: number;
  /** The providers of the attempts made so far. */
  readonly attempts: readonly { readonly provider: string }[];
  readonly maxAttempts: number;
}

/**
 * The first that is admissible now. An open breaker and a refused credential are never waited for; the
 * end of a rate window is, if the deadline allows it.
 */
export function nextStep(untried: readonly TargetView[], situation: Situation): NextStep {
  const { now, deadline } = situation;
  if (now >= deadline) return { kind: 'nothing' };
  let until = deadline;
  for (const view of untried) {
    if (view.isTaken || !hasAttemptsLeft(view, situation)) continue;
    const block = blockOf(view.state, now);
    if (!block) return { kind: 'try', view };
    if (block.by === 'rate-limit') until = Math.min(until, block.until);
  }
  return until < deadline ? { kind: 'wait', until } : { kind: 'nothing' };
}

/** Whether the request may call the target once more. A second call of a provider is a retry, of whichever model. */
export function hasAttemptsLeft({ target, retries }: TargetView, situation: Situation): boolean {
  const { attempts, maxAttempts, now } = situation;
  const here = attempts.filter(({ provider }) => provider === target.provider).length;
  return (
    attempts.length < Math.min(maxAttempts, MAX_ATTEMPTS) &&
    here < MAX_ATTEMPTS_PER_PROVIDER &&
    (here === 0 || mayRetry(retries, now))
  );
}
