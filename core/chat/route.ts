/** `POST /v1/chat/completions`: the HTTP face of `completeChat`. */
import type { Admission } from '../budgets/budgets.ts';
import type { CancelWatch } from '../cancel/cancel-watch.ts';
import { parseChatRequest } from '../contract/chat.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import type { JsonObject } from '../contract/json-body.ts';
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
import { sseResponse } from '../http/sse-response.ts';
import type { AnswerOnce } from '../idempotency/answer-once.ts';
import type { ContentLog } from '../ledger/content-log.ts';
import { keepContent } from '../ledger/keep-content.ts';
import { includesUsage } from './answering.ts';
import type { ChatAnswer, ChatCall, ChatDeps } from './chat-call.ts';
import { completeChat } from './complete.ts';

export interface ChatRouteDeps extends ChatDeps {
  readonly maxBodyBytes: number;
  /** Of a whole request. */
  readonly deadlineMs: number;
  readonly cancelWatch: CancelWatch;
  readonly answerOnce: AnswerOnce;
  readonly contentLog: ContentLog;
}

export const chatRoute = (deps: ChatRouteDeps) => async (c: CoreContext) => {
  const gone = new AbortController();
  const { call, body } = await readCall(c, deps, gone.signal);
  const key = idempotencyKey(c);
  const answer = async () => {
    // What is to be answered once is finished for whoever asks again.
    const stopWatching =
      key === undefined ? deps.cancelWatch.watch(call.requestId, () => gone.abort()) : () => {};
    const answered = await completeChat(call, deps).catch((error: unknown) => {
      stopWatching();
      throw error;
    });
    const headers = headersOf(answered);
    if (answered.kind === 'whole') {
      stopWatching();
      return c.json(answered.completion, 200, headers);
    }
    return sseResponse(answered.chunks, {
      requestId: call.requestId,
      clock: deps.attempts.clock,
      signal: call.signal,
      onCancel: () => gone.abort(),
      onEnd: stopWatching,
      headers,
      includeUsage: includesUsage(call),
    });
  };
  return keepContent({ call, body }, deps.contentLog, () =>
    deps.answerOnce({ key, call, body }, answer),
  );
};

async function readCall(
  c: CoreContext,
  { maxBodyBytes, deadlineMs }: ChatRouteDeps,
  gone: AbortSignal,
): Promise<{ readonly call: ChatCall; readonly body: JsonObject }> {
  const principal = principalWith('inference', c);
  const body = await readJsonBody(c.req.raw, maxBodyBytes);
  const request = parseChatRequest(body);
  if (request instanceof Fault) throw request;
  allowModel(principal, request.model);
  const receivedAt = c.get('receivedAt');
  const call: ChatCall = {
    requestId: c.get('requestId'),
    clientRequestId: c.req.header(HEADER.clientRequestId),
    principal,
    endpoint: '/v1/chat/completions',
    model: request.model,
    stream: request.stream === true,
    cache: c.req.header(HEADER.cache) === 'BYPASS' ? 'BYPASS' : 'MISS',
    verified: c.req.header(HEADER.streamMode) === 'verified',
    receivedAt,
    ...readCallBounds({ header: (name) => c.req.header(name), receivedAt, deadlineMs }),
    request,
    signal: AbortSignal.any([leaveSignal(c), gone]),
    waitUntil: c.env.waitUntil,
    onAdmission: (admission: Admission) => c.set('admission', admission),
    traceparent: c.req.header(HEADER.traceparent),
    metadata: readMetadata(c),
  };
  return { call, body };
}

function headersOf(answer: ChatAnswer): Record<string, string> {
  const { by } = answer;
  return {
    ...(by && {
      [HEADER.provider]: by.provider,
      [HEADER.model]: by.model,
      [HEADER.attempts]: String(by.attempts),
    }),
    ...(answer.kind === 'whole' && costHeaders(answer.cost)),
  };
}
