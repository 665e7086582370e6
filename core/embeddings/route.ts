/** `POST /v1/embeddings`: the HTTP face of `createEmbeddings`. */
import type { RequestDeps } from '../attempts/answer-request.ts';
import { parseEmbeddingRequest } from '../contract/embeddings.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { readCallBounds } from '../http/call-bounds.ts';
import { costHeaders } from '../http/cost-headers.ts';
import { readJsonBody } from '../http/read-body.ts';
import { allowModel, type CoreContext, principalWith } from '../http/request-facts.ts';
import { createEmbeddings } from './create.ts';

export interface EmbeddingRouteDeps extends RequestDeps {
  readonly maxBodyBytes: number;
  /** Of a whole request. */
  readonly deadlineMs: number;
}

export const embeddingsRoute = (deps: EmbeddingRouteDeps) => async (c: CoreContext) => {
  const { maxBodyBytes, deadlineMs } = deps;
  const principal = principalWith('inference', c);
  const request = parseEmbeddingRequest(await readJsonBody(c.req.raw, maxBodyBytes));
  if (request instanceof Fault) throw request;
  allowModel(principal, request.model);
  const receivedAt = c.get('receivedAt');
  const { response, cost, provider, model, attempts } = await createEmbeddings(
    {
      requestId: c.get('requestId'),
      clientRequestId: c.req.header(HEADER.clientRequestId),
      principal,
      endpoint: '/v1/embeddings',
      model: request.model,
      stream: false,
      cache: 'BYPASS',
      receivedAt,
      ...readCallBounds({ header: (name) => c.req.header(name), receivedAt, deadlineMs }),
      request,
      signal: c.req.raw.signal,
      waitUntil: c.env.waitUntil,
      traceparent: c.req.header(HEADER.traceparent),
    },
    deps,
  );
  const usage =
    cost === 'unpriced' ? response.usage : { ...response.usage, cost: cost / 1_000_000 };
  return c.json({ ...response, usage }, 200, {
    [HEADER.provider]: provider,
    [HEADER.model]: model,
    [HEADER.attempts]: String(attempts),
    ...costHeaders(cost),
  });
};
