import { answerRequest, type Conclusion, concludeRequest } from '../attempts/answer-request.ts';
import type { Answered } from '../attempts/attempt.ts';
import type { AttemptEnd } from '../attempts/attempt-record.ts';
import type { ChatChunk } from '../contract/chat.ts';
import type { Fault } from '../contract/fault.ts';
import type { BilledStream } from '../ledger/bill.ts';
import { CLIENT_CLOSED } from '../ledger/row.ts';
import { ProviderFailure } from '../providers/provider.ts';
import { type Answering, answeredBy, askTarget, includesUsage } from './answering.ts';
import type { ChatAnswer } from './chat-call.ts';
import { commitStream } from './commit-stream.ts';
import { type DeliveryEnd, deliver } from './deliver.ts';

/** A reasoning model may think for minutes: by then its client has 200 and comments that keep the line open. */
const EARLY_AFTER_MS = 10_000;

/** Nothing reaches the client before a target's first content: until then failing over is invisible. */
export async function answerStream(answering: Answering): Promise<ChatAnswer> {
  const { plan } = answering.inHand;
  const answer = answerCommitted(answering);
  if (!plan.targets.some(({ reasoning }) => reasoning)) return answer;
  return Promise.race([answer, earlyAnswer(answer, answering)]);
}

async function answerCommitted(answering: Answering): Promise<StreamAnswer> {
  const { inHand, deps } = answering;
  const answered = await answerRequest(
    inHand,
    {
      delivery: 'stream',
      async tryTarget(target, attempt) {
        const { chunks, bill } = askTarget(answering, target, attempt);
        return { chunks: await commitStream(chunks), bill };
      },
    },
    deps.attempts,
  );
  return {
    kind: 'stream',
    by: answeredBy(answered),
    chunks: deliverTo(answering, answered),
  };
}

type StreamAnswer = Extract<ChatAnswer, { readonly kind: 'stream' }>;

/** 200 before anyone knows who will answer. A failure then is the stream's error event. */
async function earlyAnswer(
  answer: Promise<StreamAnswer>,
  { inHand, deps }: Answering,
): Promise<StreamAnswer> {
  const early = new Promise<void>((resolve) => {
    const cancel = deps.attempts.clock.after(EARLY_AFTER_MS, resolve);
    // Handled where the answer is awaited; here it only ends the timer.
    answer.then(cancel, cancel);
  });
  await Promise.all([early, inHand.row.durable]);
  return { kind: 'stream', by: undefined, chunks: chunksOf(answer) };
}

async function* chunksOf(answer: Promise<StreamAnswer>): AsyncGenerator<ChatChunk> {
  yield* (await answer).chunks;
}

function deliverTo(
  { call, deps, inHand }: Answering,
  answered: Answered<BilledStream>,
): AsyncGenerator<ChatChunk> {
  const { target, answer } = answered;
  const ttftMs = deps.now() - call.receivedAt;
  return deliver(answer, {
    identity: {
      id: `chatcmpl-${call.requestId}`,
      created: Math.floor(call.receivedAt / 1000),
      model: target.model,
    },
    includeUsage: includesUsage(call),
    signal: call.signal,
    onEnd: (end) => concludeRequest(inHand, answered, { ...conclusionOf(end), ttftMs }),
  });
}

function conclusionOf(delivery: DeliveryEnd): Conclusion {
  const { outcome, bill } = delivery;
  switch (outcome) {
    case 'success':
      return { outcome, httpStatus: 200, bill, end: 'answered' };
    case 'client_closed':
      return { ...CLIENT_CLOSED, bill, end: 'abandoned' };
    case 'partial': {
      const { fault } = delivery;
      return { outcome, httpStatus: 200, bill, fault, end: attemptEndOf(fault) };
    }
  }
}

const attemptEndOf = ({ cause }: Fault): AttemptEnd =>
  cause instanceof ProviderFailure ? cause : 'error';
