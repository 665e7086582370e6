/** The models that a key may use, as OpenAI lists them, by the names under which it may call them. */
import type { Planner } from '../attempts/planner.ts';
import { Fault } from '../contract/fault.ts';
import { UNPRICED } from '../contract/money.ts';
import { mayUse, type Principal } from '../contract/principal.ts';
import type { ModelInfo } from '../providers/provider.ts';
import type { Provider } from '../providers/registry.ts';
import type { ModelAlias } from '../routing/plan.ts';
import { targetName } from '../routing/target.ts';
import { type ListedPrices, listedPrices } from './listed-prices.ts';

export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** OpenAI's field; the gateway does not know when a model was made. */
  readonly created: 0;
  readonly owned_by: string;
  readonly provider?: string;
  readonly description?: string;
  /** What the configuration and the id tell. */
  readonly capabilities?: readonly ('embeddings' | 'reasoning')[];
  /** Null where no price is known; an alias has those of its targets. */
  readonly prices?: ListedPrices | null;
}

export interface ModelListDeps {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  readonly planner: Planner;
}

interface Name {
  readonly model: ListedModel;
  /** A second name, without the provider's. */
  readonly isBare: boolean;
}

/**
 * Aliases first, then the providers' models by priority; a provider that cannot be asked contributes
 * nothing. A key with a list of its own sees the names on it, others see each model once.
 */
export async function listModels(
  deps: ModelListDeps,
  principal: Principal,
): Promise<readonly ListedModel[]> {
  const names = await namesOf(deps);
  return names
    .filter(({ isBare, model }) => (principal.models ? mayUse(principal, model.id) : !isBare))
    .map(({ model }) => model);
}

/** By any name under which the key may call it. */
export async function findModel(
  deps: ModelListDeps,
  principal: Principal,
  id: string,
): Promise<ListedModel | undefined> {
  if (!mayUse(principal, id)) return undefined;
  return (await namesOf(deps)).find(({ model }) => model.id === id)?.model;
}

/** Every name that a request may use: the planner says what that is. */
async function namesOf(deps: ModelListDeps): Promise<readonly Name[]> {
  const { providers, aliases, planner } = deps;
  const firstTarget = (name: string): string | undefined => {
    const plan = planner.plan(name, () => UNPRICED);
    return plan instanceof Fault ? undefined : plan.targets.map(targetName)[0];
  };
  const byPriority = [...providers.values()].sort((a, b) => a.config.priority - b.config.priority);
  const models = (await Promise.all(byPriority.map(modelsOf))).flat();
  const full = [...Object.entries(aliases).map(aliasModel), ...models]
    .filter(({ id }) => firstTarget(id) !== undefined)
    .map((model) => ({ model, isBare: false }));
  const bare = models
    .map((model) => ({ model, name: model.id.slice(model.id.indexOf('/') + 1) }))
    .filter(({ model, name }) => !Object.hasOwn(aliases, name) && firstTarget(name) === model.id)
    .map(({ model, name }) => ({ model: { ...model, id: name }, isBare: true }));
  return [...full, ...bare];
}

const aliasModel = ([id, { strategy, targets }]: [string, ModelAlias]): ListedModel => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'gateway',
  description: `${strategy}: ${targets.map(({ model }) => model).join(', ')}`,
});

async function modelsOf(provider: Provider): Promise<readonly ListedModel[]> {
  const models = await provider.adapter.listModels();
  return models.map((model) => listed(provider, model));
}

function listed({ adapter, config }: Provider, { id, description }: ModelInfo): ListedModel {
  const isEmbedding = /embed/i.test(id);
  const isReasoning = config.reasoning.includes(id);
  return {
    id: `${adapter.name}/${id}`,
    object: 'model',
    created: 0,
    owned_by: adapter.name,
    provider: adapter.name,
    ...(description !== undefined && { description }),
    ...(isEmbedding && { capabilities: ['embeddings'] }),
    ...(isReasoning && { capabilities: ['reasoning'] }),
    prices: listedPrices(adapter.ratesOf(id)),
  };
}
