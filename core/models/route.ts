/** `GET /v1/models` and `GET /v1/models/{id}`; an id holds a slash: `provider/model`. */
import { Fault } from '../contract/fault.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import type { Provider } from '../providers/registry.ts';
import { listModels } from './model-list.ts';

export type ModelsRouteDeps = { readonly providers: ReadonlyMap<string, Provider> };

export const modelsRoute = (deps: ModelsRouteDeps) => async (c: CoreContext) =>
  c.json({ object: 'list', data: await listModels(deps.providers, principalWith('inference', c)) });

export const modelRoute = (deps: ModelsRouteDeps) => async (c: CoreContext) => {
  const models = await listModels(deps.providers, principalWith('inference', c));
  const id = decodeURIComponent(c.req.path.slice('/v1/models/'.length));
  const model = models.find((listed) => listed.id === id);
  if (!model) throw new Fault('model_not_found', { param: 'model' });
  return c.json(model);
};
