/** Which targets a requested model means, in the order in which they are worth trying. */
import { Fault } from '../contract/fault.ts';
import { type Target, targetName } from './target.ts';

export interface ProviderView {
  readonly name: string;
  readonly enabled: boolean;
  /** The lower, the earlier. */
  readonly priority: number;
  /** Exact ids; `*` stands for whatever the provider has. */
  readonly models: readonly string[];
  readonly reasoning?: readonly string[] | undefined;
  readonly maxConcurrency?: number | undefined;
  readonly retryAttempts?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly firstTokenTimeoutMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

export type Strategy = 'priority' | 'cheapest' | 'fastest' | 'weighted';

export interface ModelAlias {
  readonly strategy: Strategy;
  /** `model` is `provider/model`; the weight is 1 unless given. */
  readonly targets: readonly { readonly model: string; readonly weight?: number | undefined }[];
}

export interface PlanInput {
  readonly requested: string;
  readonly providers: readonly ProviderView[];
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  /** Of this request, in any one currency. */
  readonly costOf: (target: Target) => number | 'unpriced';
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface Plan {
  readonly strategy: Strategy;
  /** At least one; each at most once. */
  readonly targets: readonly Target[];
}

interface Candidate {
  readonly target: Target;
  readonly priority: number;
  readonly weight: number;
}

const DEFAULT_RETRY_ATTEMPTS = 2;
/** Nobody sees a whole answer grow, so it is not waited for as long as a stream that keeps coming. */
const DEFAULT_WHOLE_MS = 30_000;
const DEFAULT_LIMITS = { firstTokenMs: 10_000, idleMs: 15_000 };
/** A reasoning model thinks before its first token: a p99 of 94 s is reported. */
const REASONING_LIMITS = { firstTokenMs: 120_000, idleMs: 60_000 };
/** What may be asked of a provider that lists `*`: no table vouches for the name there. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/+-]*$/;

/**
 * An alias, `provider/model`, or a bare name that exactly one enabled provider lists, matched exactly.
 * The order is the alias's strategy; `fastest` gets its own from `rankTargets`, once measurements are
 * loaded. Targets that are unavailable keep their place: `nextStep` passes over them.
 */
export function planAttempts(input: PlanInput): Plan | Fault {
  const { requested, aliases } = input;
  const providers = input.providers.filter((provider) => provider.enabled);
  const alias = Object.hasOwn(aliases, requested) ? aliases[requested] : undefined;
  if (alias) return planAlias(alias, providers, input);
  const found = addressed(requested, providers)?.target ?? bare(requested, providers);
  return found instanceof Fault ? found : { strategy: 'priority', targets: [found] };
}

/** The plan's order, for `fastest` by measured first-token time. What was never measured is explored first. */
export function rankTargets(
  plan: Plan,
  firstTokenMs: (target: Target) => number | undefined,
): readonly Target[] {
  if (plan.strategy !== 'fastest') return plan.targets;
  return sortedBy(plan.targets, (target) => firstTokenMs(target) ?? -1);
}

function planAlias(
  alias: ModelAlias,
  providers: readonly ProviderView[],
  input: PlanInput,
): Plan | Fault {
  const candidates = new Map<string, Candidate>();
  for (const { model, weight = 1 } of alias.targets) {
    const candidate = addressed(model, providers);
    if (candidate && !candidates.has(model)) candidates.set(model, { ...candidate, weight });
  }
  if (candidates.size === 0) {
    return new Fault('model_not_found', {
      message: 'No provider of this model is enabled; GET /v1/models lists the models there are.',
    });
  }
  const ranked = sortedBy([...candidates.values()], rankBy(alias.strategy, input));
  return { strategy: alias.strategy, targets: ranked.map(({ target }) => target) };
}

function rankBy(strategy: Strategy, { costOf, random }: PlanInput): (of: Candidate) => number {
  switch (strategy) {
    case 'priority':
    case 'fastest':
      return ({ priority }) => priority;
    case 'cheapest':
      return ({ target }) => {
        const cost = costOf(target);
        return cost === 'unpriced' ? Number.POSITIVE_INFINITY : cost;
      };
    case 'weighted':
      // Exponential arrival times: sorted, they draw by weight without replacement.
      return ({ weight }) => -Math.log(1 - random()) / weight;
  }
}

function addressed(name: string, providers: readonly ProviderView[]): Candidate | undefined {
  const [providerName, ...rest] = name.split('/');
  const model = rest.join('/');
  const provider = providers.find((each) => each.name === providerName);
  return provider && offers(provider, model) ? toCandidate(provider, model) : undefined;
}

/** A provider that lists the name goes before those that list everything. */
function bare(name: string, providers: readonly ProviderView[]): Target | Fault {
  const listing = providers.filter((provider) => lists(provider, name));
  const offering =
    listing.length > 0 ? listing : providers.filter((provider) => offers(provider, name));
  const [only, ...others] = offering.map((provider) => toCandidate(provider, name).target);
  if (!only) return new Fault('model_not_found');
  if (others.length === 0) return only;
  const names = [only, ...others].map((target) => `"${targetName(target)}"`).join(', ');
  return new Fault('model_not_found', {
    message: `Several providers have this model; ask for one of them: ${names}.`,
  });
}

const lists = ({ models }: ProviderView, model: string): boolean =>
  model !== '*' && models.includes(model);

const offers = (provider: ProviderView, model: string): boolean =>
  lists(provider, model) ||
  (provider.models.includes('*') && PLAIN_NAME.test(model) && !model.includes('..'));

function toCandidate(provider: ProviderView, model: string): Candidate {
  const reasoning = provider.reasoning?.includes(model) ?? false;
  const limits = reasoning ? REASONING_LIMITS : DEFAULT_LIMITS;
  const target: Target = {
    provider: provider.name,
    model,
    reasoning,
    limits: {
      firstTokenMs: provider.firstTokenTimeoutMs ?? limits.firstTokenMs,
      idleMs: provider.idleTimeoutMs ?? limits.idleMs,
      totalMs: provider.timeoutMs,
      ...(!reasoning && { wholeMs: DEFAULT_WHOLE_MS }),
    },
    retryAttempts: provider.retryAttempts ?? DEFAULT_RETRY_ATTEMPTS,
    maxConcurrency: provider.maxConcurrency,
  };
  return { target, priority: provider.priority, weight: 1 };
}

/** Stable, and asks for each rank once. */
function sortedBy<Item>(items: readonly Item[], rank: (item: Item) => number): readonly Item[] {
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .toSorted((a, b) => Number(a.rank > b.rank) - Number(a.rank < b.rank))
    .map(({ item }) => item);
}
