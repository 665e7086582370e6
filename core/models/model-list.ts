/** The models that the enabled providers offer, as OpenAI lists them. */
import type { Principal } from '../contract/principal.ts';
import type { Provider } from '../providers/registry.ts';

export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** OpenAI's field; the gateway does not know when a model was made. */
  readonly created: 0;
  readonly owned_by: string;
  readonly provider: string;
  readonly description?: string;
}

/** In the order of the providers' priority; a provider that cannot be asked contributes nothing. */
export async function listModels(
  providers: ReadonlyMap<string, Provider>,
  { models: allowed }: Principal,
): Promise<readonly ListedModel[]> {
  const byPriority = [...providers.values()].sort((a, b) => a.config.priority - b.config.priority);
  const lists = await Promise.all(byPriority.map(modelsOf));
  return lists.flat().filter(({ id }) => !allowed || allowed.includes(id));
}

async function modelsOf({ adapter }: Provider): Promise<readonly ListedModel[]> {
  const models = await adapter.listModels();
  return models.map(({ id, description }) => ({
    id: `${adapter.name}/${id}`,
    object: 'model',
    created: 0,
    owned_by: adapter.name,
    provider: adapter.name,
    ...(description !== undefined && { description }),
  }));
}
