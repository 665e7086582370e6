import { answerRequest, concludeRequest } from '../attempts/answer-request.ts';
import type { ChatChunk, ChatCompletion } from '../contract/chat.ts';
import { toChunks } from '../contract/completion-stream.ts';
import { collectResponse } from '../providers/collect.ts';
import { type Answering, answeredBy, askTarget } from './answering.ts';
import type { ChatAnswer } from './chat-call.ts';

/** Shows nothing before the answer is whole, so that every fault can still fail over. */
export async function answerWhole(answering: Answering): Promise<ChatAnswer> {
  const { call, deps, inHand } = answering;
  const answered = await answerRequest(
    inHand,
    {
      delivery: 'whole',
      tryTarget: (target, attempt) =>
        collectResponse(askTarget(answering, target, attempt), {
          ...target,
          requestId: call.requestId,
          now: deps.now,
        }),
    },
    deps.attempts,
  );
  const { usage, cost, wire: completion } = answered.answer;
  concludeRequest(inHand, answered, {
    end: 'answered',
    outcome: 'success',
    httpStatus: 200,
    bill: { usage, cost },
  });
  const by = answeredBy(answered);
  if (!call.stream) return { kind: 'whole', by, completion: asPublished(completion), cost };
  return { kind: 'stream', by, chunks: replay(completion) };
}

async function* replay(completion: ChatCompletion): AsyncGenerator<ChatChunk> {
  yield* toChunks(completion, true);
}

/** OpenAI's schema requires two fields that a stream leaves out when there is nothing to say. */
const asPublished = ({ choices, ...completion }: ChatCompletion): ChatCompletion => ({
  ...completion,
  choices: choices.map(({ message, ...choice }) => ({
    logprobs: null,
    ...choice,
    message: { refusal: null, ...message },
  })),
});
