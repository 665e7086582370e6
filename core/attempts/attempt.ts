/** One call of one target, from admission to its end. */
import { type Fault, toFault } from '../contract/fault.ts';
import { type FailureReason, ProviderFailure } from '../providers/provider.ts';
import type { TargetView } from '../routing/next-step.ts';
import type { Target } from '../routing/target.ts';
import type { Outcome } from '../routing/target-state.ts';
import { type AttemptEnd, type AttemptRecord, endOfAttempt } from './attempt-record.ts';
import { openCall, unlessAborted } from './open-call.ts';
import { type Run, settle } from './run.ts';

/** An attempt from the side of whoever makes it. */
export interface AttemptCall {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Tells when the first content came: what `fastest` goes by. */
  onFirstToken(): void;
}

/** Resolves with the answer, or with a stream that has reached its first content; else throws a `ProviderFailure`. */
export type TryTarget<Answer> = (target: Target, call: AttemptCall) => Promise<Answer>;

export interface Answered<Answer> {
  readonly kind: 'answered';
  readonly answer: Answer;
  readonly target: Target;
  readonly attempts: readonly AttemptRecord[];
  /**
   * To be called once, when the answer has ended: the target's health learns how, and its place is free.
   * Returns the records with the last one's true end.
   */
  settle(end: AttemptEnd): Promise<readonly AttemptRecord[]>;
}

export interface Failed {
  readonly kind: 'failed';
  readonly fault: Fault;
  readonly attempts: readonly AttemptRecord[];
}

/** Undefined: this attempt failed, and another may follow. The target has been admitted. */
export async function attempt<Answer>(
  run: Run,
  view: TargetView,
  tryTarget: TryTarget<Answer>,
): Promise<Answered<Answer> | Failed | undefined> {
  const { target } = view;
  const opened = open(run, view);
  try {
    const answer = await unlessAborted(tryTarget(target, opened.call), opened.call.signal);
    const attempts = [...run.records, opened.record('answered')];
    run.held = undefined;
    return { kind: 'answered', answer, target, attempts, settle: (end) => last(run, opened, end) };
  } catch (thrown) {
    const { signal } = opened.call;
    return fail(run, opened, signal.aborted ? signal.reason : thrown);
  }
}

type Opened = ReturnType<typeof open>;

function open(run: Run, view: TargetView) {
  const { clock } = run.deps;
  const { provider, model, limits } = view.target;
  const startedAt = clock.now();
  const waitMs = run.waitedMs;
  run.waitedMs = 0;
  const { deadline, delivery } = run.request;
  const totalMs = limits.totalMs ?? (delivery === 'whole' ? limits.wholeMs : undefined);
  const limit = startedAt + (totalMs ?? Number.POSITIVE_INFINITY);
  const opened = openCall(Math.min(limit, deadline), run.request.signal, clock);
  const { signal, abort } = opened;
  let firstTokenMs: number | undefined;
  const onFirstToken = () => {
    firstTokenMs = clock.now() - startedAt;
  };
  return {
    call: { signal, abort, onFirstToken },
    record: (end: AttemptEnd): AttemptRecord => ({
      provider,
      model,
      startedAt,
      ms: clock.now() - startedAt,
      ...(firstTokenMs !== undefined && { firstTokenMs }),
      ...(waitMs > 0 && { waitMs }),
      ...endOfAttempt(end),
    }),
    settle(end: AttemptEnd): Promise<TargetView> {
      opened.end();
      // Clients choose deadlines, and a target whose answer is long is not ill.
      const isCutShort = opened.isOver() && (deadline < limit || firstTokenMs !== undefined);
      return settle(run, view, {
        outcome: toOutcome(isCutShort ? 'abandoned' : end),
        firstTokenMs,
      });
    },
  };
}

async function last(run: Run, opened: Opened, end: AttemptEnd): Promise<readonly AttemptRecord[]> {
  const record = opened.record(end);
  await opened.settle(end);
  return [...run.records, record];
}

async function fail(run: Run, opened: Opened, thrown: unknown): Promise<Failed | undefined> {
  const end = endOf(thrown, run.request.signal);
  run.records.push(opened.record(end));
  const view = await opened.settle(end);
  if (end === 'error') return { kind: 'failed', fault: toFault(thrown), attempts: run.records };
  if (end === 'abandoned') return undefined;
  const { provider, model } = view.target;
  const { param } = end.details;
  run.failures.push({ provider, model, reason: reasonOf(end), param });
  run.failed = { view, failure: end };
  return undefined;
}

/** An answer that stops coming has been broken off, which is not the same as one that never came. */
const reasonOf = ({ reason, details }: ProviderFailure): FailureReason =>
  reason === 'timeout' && details.afterContent ? 'interrupted' : reason;

function toOutcome(end: AttemptEnd): Outcome {
  if (end === 'answered') return { kind: 'answered' };
  // What was never sent says nothing about the target either.
  if (!(end instanceof ProviderFailure) || end.reason === 'unsupported') {
    return { kind: 'abandoned' };
  }
  return { kind: 'failed', reason: end.reason, retryAfterMs: end.details.retryAfterMs };
}

function endOf(thrown: unknown, client: AbortSignal): 'abandoned' | 'error' | ProviderFailure {
  if (client.aborted) return 'abandoned';
  return thrown instanceof ProviderFailure ? thrown : 'error';
}
