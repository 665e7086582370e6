/** `POST /v1/chat/completions`: the HTTP face of `completeChat`. */
import type { CancelWatch } from '../cancel/cancel-watch.ts';
import { parseChatRequest } from '../contract/chat.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { readCallBounds } from '../http/call-bounds.ts';
import { costHeaders } from '../http/cost-headers.ts';
import { readJsonBody } from '../http/read-body.ts';
import { allowModel, type CoreContext, principalWith } from '../http/request-facts.ts';
import { sseResponse } from '../http/sse-response.ts';
import { includesUsage } from './answering.ts';
import type { ChatAnswer, ChatCall, ChatDeps } from './chat-call.ts';
import { completeChat } from './complete.ts';

export interface ChatRouteDeps extends ChatDeps {
  readonly maxBodyBytes: number;
  /** Of a whole request. */
  readonly deadlineMs: number;
  readonly cancelWatch: CancelWatch;
}

export const chatRoute = (deps: ChatRouteDeps) => async (c: CoreContext) => {
  const gone = new AbortController();
  const call = await readCall(c, deps, gone.signal);
  const stopWatching = deps.cancelWatch.watch(call.requestId, () => gone.abort());
  const answer = await completeChat(call, deps).catch((error: unknown) => {
    stopWatching();
    throw error;
  });
  const headers = headersOf(answer);
  if (answer.kind === 'whole') {
    stopWatching();
    return c.json(answer.completion, 200, headers);
  }
  return sseResponse(ending(answer.chunks, stopWatching), {
    requestId: call.requestId,
    clock: deps.attempts.clock,
    signal: call.signal,
    onCancel: () => gone.abort(),
    headers,
    includeUsage: includesUsage(call),
  });
};

async function readCall(
  c: CoreContext,
  { maxBodyBytes, deadlineMs }: ChatRouteDeps,
  gone: AbortSignal,
): Promise<ChatCall> {
  const principal = principalWith('inference', c);
  const request = parseChatRequest(await readJsonBody(c.req.raw, maxBodyBytes));
  if (request instanceof Fault) throw request;
  allowModel(principal, request.model);
  const receivedAt = c.get('receivedAt');
  return {
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
    signal: AbortSignal.any([c.req.raw.signal, gone]),
    waitUntil: c.env.waitUntil,
    traceparent: c.req.header(HEADER.traceparent),
  };
}

async function* ending<T>(items: AsyncGenerator<T>, onEnd: () => void): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    onEnd();
  }
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
