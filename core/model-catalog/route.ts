/** `GET /v1/models` and `GET /v1/models/{id}`; an id holds a slash: `provider/model`. */
import { Fault } from '../contract/fault.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import { findModel, listModels, type ModelListDeps } from './model-list.ts';

export const modelsRoute = (deps: ModelListDeps) => async (c: CoreContext) =>
  c.json({ object: 'list', data: await listModels(deps, principalWith('inference', c)) });

export const modelRoute = (deps: ModelListDeps) => async (c: CoreContext) => {
  const principal = principalWith('inference', c);
  const id = decodeURIComponent(c.req.path.slice('/v1/models/'.length));
  const model = await findModel(deps, principal, id);
  if (!model) throw new Fault('model_not_found', { param: 'model' });
  return c.json(model);
};
