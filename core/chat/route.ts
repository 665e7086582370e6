/** `POST /v1/chat/completions`: the HTTP face of `completeChat`. */
import { parseChatRequest } from '../contract/chat.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { formatUsd } from '../contract/money.ts';
import { readJsonBody } from '../http/read-body.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import { sseResponse } from '../http/sse-response.ts';
import type { ChatAnswer, ChatDeps } from './chat-call.ts';
import { completeChat } from './complete.ts';

export interface ChatRouteDeps extends ChatDeps {
  readonly maxBodyBytes: number;
}

export const chatRoute = (deps: ChatRouteDeps) => async (c: CoreContext) => {
  const principal = principalWith('inference', c);
  const request = parseChatRequest(await readJsonBody(c.req.raw, deps.maxBodyBytes));
  if (request instanceof Fault) throw request;
  if (principal.models && !principal.models.includes(request.model)) {
    throw new Fault('model_not_allowed', { param: 'model' });
  }
  const gone = new AbortController();
  const signal = AbortSignal.any([c.req.raw.signal, gone.signal]);
  const answer = await completeChat(
    {
      requestId: c.get('requestId'),
      clientRequestId: c.req.header(HEADER.clientRequestId),
      principal,
      endpoint: '/v1/chat/completions',
      model: request.model,
      stream: request.stream === true,
      receivedAt: c.get('receivedAt'),
      request,
      signal,
      waitUntil: c.env.waitUntil,
      traceparent: c.req.header(HEADER.traceparent),
    },
    deps,
  );
  const headers = headersOf(answer);
  if (answer.kind === 'whole') return c.json(answer.completion, 200, headers);
  return sseResponse(answer.chunks, {
    requestId: c.get('requestId'),
    now: deps.now,
    signal,
    onCancel: () => gone.abort(),
    headers,
  });
};

function headersOf(answer: ChatAnswer): Record<string, string> {
  return {
    [HEADER.provider]: answer.provider,
    [HEADER.model]: answer.model,
    [HEADER.attempts]: String(answer.attempts),
    ...(answer.kind === 'whole' && costHeaders(answer.cost)),
  };
}

const costHeaders = (cost: Extract<ChatAnswer, { kind: 'whole' }>['cost']) =>
  cost === 'unpriced'
    ? { [HEADER.costStatus]: 'unpriced' }
    : { [HEADER.costStatus]: 'exact', [HEADER.cost]: formatUsd(cost) };
