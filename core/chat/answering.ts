/** What a whole and a streamed answer have in common: how one target is asked, and what is said of who answered. */
import type { RequestInHand } from '../attempts/answer-request.ts';
import type { Answered, AttemptCall } from '../attempts/attempt.ts';
import { watch } from '../attempts/watch.ts';
import { hasContent } from '../contract/completion-stream.ts';
import { type Cost, microUsd } from '../contract/money.ts';
import { type BilledStream, billed } from '../ledger/bill.ts';
import type { Target, TimeLimits } from '../routing/target.ts';
import type { AnsweredBy, ChatCall, ChatDeps } from './chat-call.ts';
import { toLLMRequest } from './llm-request.ts';

export interface Answering {
  readonly call: ChatCall;
  readonly deps: ChatDeps;
  readonly inHand: RequestInHand;
}

const NOT_SENT: Cost = { microUsd: microUsd(0), status: 'exact' };

/** The target's chunks, within its limits of time, and what they cost whatever becomes of them. */
export function askTarget(
  { call, deps, inHand }: Answering,
  target: Target,
  attempt: AttemptCall,
): BilledStream {
  const { requestId, traceparent } = call;
  const { signal } = attempt;
  let stream: BilledStream | undefined;
  // In the order of the attempts, also of those that fail before they are sent.
  inHand.attemptCosts.push(async () => (stream ? (await stream.bill()).cost : NOT_SENT));
  const adapter = deps.planner.adapterOf(target);
  const request = toLLMRequest(target, call);
  const limits = adapter.isUnstreamed?.(request) ? unstreamed(target.limits) : target.limits;
  const chunks = adapter.streamCompletion(request, {
    requestId,
    signal,
    ...(traceparent && { traceparent }),
  });
  const watched = watch(chunks, limits, {
    ...attempt,
    clock: deps.attempts.clock,
    hasContent,
  });
  stream = billed(watched, request, (usage) => adapter.price(target.model, usage));
  return stream;
}

/** Where the first token is as late as the last, it has as long as a whole answer. */
const unstreamed = ({ wholeMs = 0, totalMs = wholeMs, ...limits }: TimeLimits): TimeLimits => ({
  ...limits,
  totalMs,
  firstTokenMs: Math.max(limits.firstTokenMs, totalMs),
});

export const answeredBy = ({ target, attempts }: Answered<unknown>): AnsweredBy => ({
  provider: target.provider,
  model: target.model,
  attempts: attempts.length,
});

export const includesUsage = ({ request }: ChatCall): boolean =>
  request.stream_options?.include_usage === true;
