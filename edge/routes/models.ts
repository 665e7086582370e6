import { Fault } from '../../core/contract/fault.ts';
import type { EdgeContext } from '../middleware/request-context.ts';
import { type ForwardDeps, forward } from './forward.ts';

/** `provider/model`, a model or an alias; anything else cannot be one and is not looked for. */
const MODEL_ID = /^\w[\w.:@+-]*(\/\w[\w.:@+-]*)*$/;

export const listModels = (deps: ForwardDeps) => (c: EdgeContext) => forward(deps, c, '/v1/models');

/** The id may come with its slash encoded, as OpenAI's clients send it, or plain. */
export const retrieveModel = (deps: ForwardDeps) => (c: EdgeContext) => {
  const id = c.req.param('id') ?? '';
  if (!MODEL_ID.test(id)) throw new Fault('model_not_found');
  return forward(deps, c, `/v1/models/${encodeURIComponent(id)}`);
};
