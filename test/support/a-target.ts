/** Targets and views of them, with what a test does not care about filled in. */
import type { TargetView } from '../../core/routing/next-step.ts';
import { UNSPENT } from '../../core/routing/retry-budget.ts';
import type { Target } from '../../core/routing/target.ts';
import { UNTOUCHED } from '../../core/routing/target-state.ts';

/** `name` is `provider/model`. */
export function aTarget(name = 'p/m', overrides: Partial<Target> = {}): Target {
  const [provider = '', model = ''] = name.split('/');
  return {
    provider,
    model,
    reasoning: false,
    limits: { firstTokenMs: 10_000, idleMs: 15_000, totalMs: undefined },
    retryAttempts: 2,
    maxConcurrency: undefined,
    ...overrides,
  };
}

export const aView = (target = aTarget(), overrides: Partial<TargetView> = {}): TargetView => ({
  target,
  state: UNTOUCHED,
  firstTokenMs: undefined,
  retries: UNSPENT,
  isTaken: false,
  ...overrides,
});
