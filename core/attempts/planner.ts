/** From a requested model to the plan, and from a target to its adapter. */
import type { Fault } from '../contract/fault.ts';
import type { Cost } from '../contract/money.ts';
import type { ProviderAdapter } from '../providers/provider.ts';
import type { Provider } from '../providers/registry.ts';
import { type ModelAlias, type Plan, type ProviderView, planAttempts } from '../routing/plan.ts';
import type { Target } from '../routing/target.ts';

export interface PlannerDeps {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The worst case of this request; asked only by the strategy `cheapest`. */
export type CostOfTarget = (adapter: ProviderAdapter, target: Target) => Cost;

export interface Planner {
  plan(requested: string, costOf: CostOfTarget): Plan | Fault;
  adapterOf(target: Target): ProviderAdapter;
}

export function createPlanner({ providers, aliases, random }: PlannerDeps): Planner {
  const views: readonly ProviderView[] = [...providers.values()].map(({ config }) => config);
  const adapterOf = ({ provider }: Target): ProviderAdapter => {
    const found = providers.get(provider);
    if (!found) throw new Error(`The plan names a provider that is not there: ${provider}`);
    return found.adapter;
  };
  return {
    adapterOf,
    plan: (requested, costOf) =>
      planAttempts({
        requested,
        providers: views,
        aliases,
        costOf: (target) => {
          const { microUsd, status } = costOf(adapterOf(target), target);
          return status === 'unpriced' ? status : microUsd;
        },
        random,
      }),
  };
}
