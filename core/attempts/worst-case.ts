/** The most that a request can take, whichever of its plan's targets answers: the tenant pays for one answer. */
import { type MicroUsd, microUsd } from '../contract/money.ts';
import type { TokenBounds } from '../ledger/price.ts';
import type { ProviderAdapter } from '../providers/provider.ts';
import type { Plan } from '../routing/plan.ts';
import type { Target } from '../routing/target.ts';
import type { Planner } from './planner.ts';

export interface CallSize {
  /** Of one call of the target. */
  readonly boundsOf: (adapter: ProviderAdapter, target: Target) => TokenBounds;
  /** How many calls an answer takes: one, and one more for each round of tools. */
  readonly rounds: number;
}

export interface WorstCase {
  readonly costMicroUsd: MicroUsd;
  /** The part of the cost that the input makes. */
  readonly inputMicroUsd: MicroUsd;
  readonly tokens: number;
}

export function worstCaseOf(
  { targets }: Plan,
  { boundsOf, rounds }: CallSize,
  { adapterOf }: Pick<Planner, 'adapterOf'>,
): WorstCase {
  const calls = targets.map((target) => {
    const adapter = adapterOf(target);
    const bounds = boundsOf(adapter, target);
    const cost = (output: number) =>
      adapter.worstCase(target.model, { ...bounds, output }).microUsd;
    return { ...bounds, cost: cost(bounds.output), inputCost: cost(0) };
  });
  const worst = (amounts: readonly number[]) => rounds * Math.max(...amounts);
  return {
    costMicroUsd: microUsd(worst(calls.map(({ cost }) => cost))),
    inputMicroUsd: microUsd(worst(calls.map(({ inputCost }) => inputCost))),
    tokens: worst(calls.map(({ input, output }) => input + output)),
  };
}
