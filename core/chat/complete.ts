/**
 * A chat completion: plan the targets, open the row and reserve what it may cost → try the targets, the first
 * attempt waiting for the reservation alone → answer → close the row → settle from the row.
 */
import { takeInHand } from '../attempts/answer-request.ts';
import { answerStream } from './answer-stream.ts';
import { answerWhole } from './answer-whole.ts';
import type { ChatAnswer, ChatCall, ChatDeps } from './chat-call.ts';
import { toLLMRequest } from './llm-request.ts';

/** Throws a `Fault`; its row is then on the way to being closed. */
export async function completeChat(call: ChatCall, deps: ChatDeps): Promise<ChatAnswer> {
  const inHand = takeInHand(call, deps, {
    boundsOf: (adapter, target) => adapter.boundTokens(target.model, toLLMRequest(target, call)),
    rounds: 1,
  });
  const answer = call.stream && !call.verified ? answerStream : answerWhole;
  return answer({ call, deps, inHand });
}
