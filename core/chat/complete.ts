/**
 * A chat completion, from plan to closed row: plan → open the row beside the first attempt → try the
 * targets → answer → close the row.
 */
import { type Attempted, AttemptsFailed, runAttempts } from '../attempts/run-attempts.ts';
import type { Usage } from '../contract/chat.ts';
import { Fault, toFault } from '../contract/fault.ts';
import type { MicroUsd } from '../contract/money.ts';
import { finalRow, openRow, type Settlement } from '../ledger/row.ts';
import { planAttempts, type Target } from '../routing/plan.ts';
import type { ChatAnswer, ChatCall, ChatDeps } from './chat-call.ts';
import { commitStream } from './commit-stream.ts';
import { type DeliveryEnd, deliver } from './deliver.ts';
import { tryTarget } from './try-target.ts';

/** Throws a `Fault`; its row is then on the way to being closed. */
export async function completeChat(call: ChatCall, deps: ChatDeps): Promise<ChatAnswer> {
  const targets = planAttempts(call.model, deps.views());
  if (targets instanceof Fault) {
    const row = finalRow(call, { ...failed(targets), outcome: 'rejected' }, deps.now());
    call.waitUntil(deps.log.record(row));
    throw targets;
  }
  const opened = deps.log.open(openRow(call));
  const close = (settlement: Settlement) =>
    call.waitUntil(opened.then(() => deps.log.close(finalRow(call, settlement, deps.now()))));
  try {
    const answer = call.stream ? answerStream : answerWhole;
    return await answer({ call, deps, targets, opened, close });
  } catch (error) {
    const { fault, attempts } = error instanceof AttemptsFailed ? error : unexpected(error);
    close({ ...failed(fault), attempts, ...(call.signal.aborted && CLIENT_CLOSED) });
    throw fault;
  }
}

interface Answering {
  readonly call: ChatCall;
  readonly deps: ChatDeps;
  readonly targets: readonly Target[];
  /** Resolves when the open row is durable: no byte may leave before. */
  readonly opened: Promise<void>;
  readonly close: (settlement: Settlement) => void;
}

async function answerWhole(answering: Answering): Promise<ChatAnswer> {
  const { deps, targets, opened, close } = answering;
  const attempted = await runAttempts(
    targets,
    (target) =>
      tryTarget(target, answering, ({ adapter, request, call }) =>
        adapter.generateCompletion(request, call),
      ),
    deps.now,
  );
  await opened;
  const { wire, usage, cost } = attempted.value;
  close({ ...settled(attempted), outcome: 'success', usage, cost });
  const completion = usage ? { ...wire, usage: withCost(usage, cost) } : wire;
  return { kind: 'whole', completion, cost, ...answeredBy(attempted) };
}

async function answerStream(answering: Answering): Promise<ChatAnswer> {
  const { call, deps, targets, opened, close } = answering;
  const attempted = await runAttempts(
    targets,
    (target) =>
      tryTarget(target, answering, async ({ adapter, request, call: attempt }) => ({
        ...(await commitStream(adapter.streamCompletion(request, attempt), deps.now)),
        priceOf: (usage: Usage) => adapter.price(request.model, usage),
      })),
    deps.now,
  );
  await opened;
  const { chunks, firstContentAt, priceOf } = attempted.value;
  const ttftMs = firstContentAt - call.receivedAt;
  const created = Math.floor(call.receivedAt / 1000);
  return {
    kind: 'stream',
    chunks: deliver(chunks, {
      identity: { id: `chatcmpl-${call.requestId}`, created, model: attempted.target.model },
      includeUsage: call.request.stream_options?.include_usage === true,
      withCost: (usage) => withCost(usage, priceOf(usage)),
      signal: call.signal,
      onEnd: (end) => {
        const cost = end.usage && priceOf(end.usage);
        close({ ...settled(attempted), ...statusOf(end), ...end, cost, ttftMs });
      },
    }),
    ...answeredBy(attempted),
  };
}

const answeredBy = ({ target, attempts }: Attempted<unknown>) => ({
  provider: target.provider,
  model: target.model,
  attempts: attempts.length,
});

const settled = ({ target, attempts }: Attempted<unknown>) => ({
  httpStatus: 200,
  provider: target.provider,
  upstreamModel: target.model,
  attempts,
});

const failed = (fault: Fault): Settlement => ({
  outcome: 'failed',
  httpStatus: fault.status,
  fault,
  attempts: [],
});

/** nginx's status for a client that closed its request; it is only ever on a row. */
const CLIENT_CLOSED = { outcome: 'client_closed', httpStatus: 499, fault: undefined } as const;

const statusOf = ({ outcome }: DeliveryEnd) => (outcome === 'client_closed' ? CLIENT_CLOSED : {});

const unexpected = (error: unknown) => ({ fault: toFault(error), attempts: [] });

/** `cost` in USD is the gateway's addition to OpenAI's usage object. */
const withCost = (usage: Usage, cost: MicroUsd | 'unpriced'): Usage =>
  cost === 'unpriced' ? usage : { ...usage, cost: cost / 1_000_000 };
