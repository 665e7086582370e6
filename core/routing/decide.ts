/** What a request does next, from everything it knows: the one place where the rules of routing meet. */
import type { Fault } from '../contract/fault.ts';
import type { ProviderFailure } from '../providers/provider.ts';
import { exhausted, type FailedAttempt } from './exhausted.ts';
import { hasAttemptsLeft, type NextStep, nextStep, type TargetView } from './next-step.ts';
import type { RetryRules } from './retry.ts';
import type { Target } from './target.ts';
import { blockOf } from './target-state.ts';
import { type Delivery, type Verdict, verdict } from './verdict.ts';

export interface Progress {
  /** What was last heard of every target of the plan. */
  readonly views: readonly TargetView[];
  /** Those that may still be tried, in the plan's order. */
  readonly untried: readonly TargetView[];
  readonly attempts: readonly FailedAttempt[];
  /** The latest attempt. */
  readonly failed: { readonly view: TargetView; readonly failure: ProviderFailure } | undefined;
}

export interface Bounds {
  readonly delivery: Delivery;
  readonly maxAttempts: number;
  /** Epoch ms. */
  readonly deadline: number;
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly rules: RetryRules;
}

export type Decision =
  | { readonly kind: 'try'; readonly view: TargetView }
  /** For a rate window to end, or before the same target is tried again. */
  | { readonly kind: 'wait'; readonly ms: number; readonly repeat: Target | undefined }
  /** The request itself is at fault. */
  | { readonly kind: 'give-up'; readonly fault: Fault }
  /** Nothing is left to try. */
  | { readonly kind: 'exhausted'; readonly fault: Fault };

export function decide(progress: Progress, bounds: Bounds): Decision {
  const step = nextStep(progress.untried, { ...bounds, attempts: progress.attempts });
  const judged = judge(progress, step, bounds);
  switch (judged.kind) {
    case 'give-up':
      return judged;
    case 'retry-same':
      return { kind: 'wait', ms: judged.afterMs, repeat: progress.failed?.view.target };
    case 'next-target':
      return go(step, progress, bounds);
  }
}

function judge(progress: Progress, step: NextStep, bounds: Bounds): Verdict {
  const { failed, attempts } = progress;
  if (!failed) return { kind: 'next-target' };
  const { target, state } = failed.view;
  const calls = attempts.filter(
    ({ provider, model }) => provider === target.provider && model === target.model,
  );
  return verdict(failed.failure, {
    ...bounds,
    hasAnother: step.kind === 'try',
    mayRepeat:
      blockOf(state, bounds.now)?.by !== 'breaker' &&
      hasAttemptsLeft(failed.view, { ...bounds, attempts }),
    retries: calls.length - 1,
    retryAttempts: target.retryAttempts,
  });
}

function go(step: NextStep, { attempts, views }: Progress, bounds: Bounds): Decision {
  const { now, deadline, random, rules } = bounds;
  switch (step.kind) {
    case 'try':
      return step;
    case 'wait': {
      // Spread out, or everyone who waited for the window comes at its end.
      const jitterMs = random * Math.min(rules.baseMs, deadline - step.until);
      return { kind: 'wait', ms: step.until - now + jitterMs, repeat: undefined };
    }
    case 'nothing':
      return { kind: 'exhausted', fault: exhausted(attempts, views, now) };
  }
}
