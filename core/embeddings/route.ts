/** `POST /v1/embeddings`: the HTTP face of `createEmbeddings`. */
import type { RequestDeps } from '../attempts/answer-request.ts';
import type { Admission } from '../budgets/budgets.ts';
import { parseEmbeddingRequest } from '../contract/embeddings.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { readCallBounds } from '../http/call-bounds.ts';
import { costHeaders } from '../http/cost-headers.ts';
import { readJsonBody } from '../http/read-body.ts';
import { readMetadata } from '../http/read-metadata.ts';
import {
  allowModel,
  type CoreContext,
  idempotencyKey,
  leaveSignal,
  principalWith,
} from '../http/request-facts.ts';
import type { AnswerOnce } from '../idempotency/answer-once.ts';
import type { ContentLog } from '../ledger/content-log.ts';
import { keepContent } from '../ledger/keep-content.ts';
import { createEmbeddings } from './create.ts';

export interface EmbeddingRouteDeps extends RequestDeps {
  readonly maxBodyBytes: number;
  /** Of a whole request. */
  readonly deadlineMs: number;
  readonly answerOnce: AnswerOnce;
  readonly contentLog: ContentLog;
}

export const embeddingsRoute = (deps: EmbeddingRouteDeps) => async (c: CoreContext) => {
  const principal = principalWith('inference', c);
  const body = await readJsonBody(c.req.raw, deps.maxBodyBytes);
  const request = parseEmbeddingRequest(body);
  if (request instanceof Fault) throw request;
  allowModel(principal, request.model);
  const receivedAt = c.get('receivedAt');
  const { deadlineMs } = deps;
  const call = {
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
    signal: leaveSignal(c),
    waitUntil: c.env.waitUntil,
    onAdmission: (admission: Admission) => c.set('admission', admission),
    traceparent: c.req.header(HEADER.traceparent),
    metadata: readMetadata(c),
  } as const;
  const answer = async () => {
    const { response, cost, provider, model, attempts } = await createEmbeddings(call, deps);
    return c.json(response, 200, {
      [HEADER.provider]: provider,
      [HEADER.model]: model,
      [HEADER.attempts]: String(attempts),
      ...costHeaders(cost),
    });
  };
  return keepContent({ call, body }, deps.contentLog, () =>
    deps.answerOnce({ key: idempotencyKey(c), call, body }, answer),
  );
};
