/**
 * A chat completion: plan the targets and open the row → try the targets, the row being written beside
 * the first attempt → answer → settle → close the row.
 */
import { takeInHand } from '../attempts/answer-request.ts';
import { answerStream } from './answer-stream.ts';
import { answerWhole } from './answer-whole.ts';
import type { ChatAnswer, ChatCall, ChatDeps } from './chat-call.ts';
import { toLLMRequest } from './llm-request.ts';

/** Throws a `Fault`; its row is then on the way to being closed. */
export async function completeChat(call: ChatCall, deps: ChatDeps): Promise<ChatAnswer> {
  const inHand = takeInHand(call, deps, (adapter, { model }) =>
    adapter.estimateCost(toLLMRequest(model, call.request)),
  );
  const answer = call.stream && !call.verified ? answerStream : answerWhole;
  return answer({ call, deps, inHand });
}
