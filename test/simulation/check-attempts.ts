/** One request's attempts: how many, at what, after which waits. */
import { type FailureReason, ProviderFailure } from '../../core/providers/provider.ts';
import { targetName } from '../../core/routing/target.ts';
import { type Case, type Evidence, nameOf } from './evidence.ts';
import type { UpstreamCall } from './upstream.ts';

export function checkAttempts(evidence: Evidence): readonly string[] {
  return [
    ...evidence.cases.flatMap((each) => [
      ...checkCounts(each),
      ...checkOverlap(each),
      ...checkRepeats(each, evidence),
      ...checkWaits(each, evidence),
    ]),
    ...checkJitter(evidence),
  ];
}

function* checkOverlap({ view, calls }: Case): Generator<string> {
  for (const call of calls) {
    if (calls.some((other) => isDuring(other, call))) {
      yield `I7: r${view.request.id} had two attempts at once`;
    }
  }
}

function* checkCounts({ view, calls }: Case): Generator<string> {
  const { id, maxAttempts, deadlineMs } = view.request;
  if (calls.length > Math.min(6, maxAttempts)) yield `I2: r${id} made ${calls.length} attempts`;
  for (const [provider, here] of Map.groupBy(calls, (call) => call.provider)) {
    if (here.length > 3) yield `I2: r${id} made ${here.length} attempts at ${provider}`;
  }
  const planned = new Set(view.plan.targets.map(targetName));
  for (const call of calls) {
    if (!planned.has(nameOf(call))) yield `plan: r${id} called ${nameOf(call)}`;
    if (view.committedAt !== undefined && call.startedAt > view.committedAt) {
      yield `I2: r${id} was tried again after its commit`;
    }
    if (call.startedAt >= view.arrivedAt + deadlineMs)
      yield `I1: r${id} was tried after its deadline`;
  }
}

const isDuring = (call: UpstreamCall, other: UpstreamCall): boolean =>
  call !== other && call.startedAt >= other.startedAt && call.startedAt < other.endedAt;

/** How often the same target may be asked again. */
const REPEATS: Readonly<Record<FailureReason, number>> = {
  'server-error': 2,
  reset: 1,
  'rate-limited': 1,
  interrupted: 1,
  connect: 0,
  timeout: 0,
  auth: 0,
  'model-not-found': 0,
  'bad-response': 0,
  'context-length': 0,
  'content-policy': 0,
  'invalid-request': 0,
  unsupported: 0,
};
const FINAL: ReadonlySet<FailureReason | undefined> = new Set([
  'context-length',
  'content-policy',
  'invalid-request',
]);

function* checkRepeats({ view, calls }: Case, { scenario, reasonOf }: Evidence): Generator<string> {
  const { id, delivery } = view.request;
  for (const call of calls.slice(0, -1)) {
    const reason = reasonOf(call);
    if (FINAL.has(reason)) yield `F-matrix: r${id} went on after ${reason}`;
  }
  for (const { before, retry } of repeatsOf(calls)) {
    const reason = reasonOf(before) ?? 'timeout';
    const isShown = reason === 'interrupted' && delivery === 'stream';
    const provider = scenario.providers.find(({ name }) => name === before.provider);
    const most = Math.min(provider?.retryAttempts ?? 0, isShown ? 0 : REPEATS[reason]);
    if (retry > most) yield `F-matrix: r${id} repeated ${nameOf(before)} after ${reason}`;
  }
}

interface Repeat {
  readonly waitMs: number;
  readonly retryAfterMs: number;
  readonly before: UpstreamCall;
  readonly after: UpstreamCall;
  /** 1, 2, … */
  readonly retry: number;
}

function repeatsOf(calls: readonly UpstreamCall[]): readonly Repeat[] {
  return calls.flatMap((after, index) => {
    const before = calls[index - 1];
    if (!before || nameOf(before) !== nameOf(after)) return [];
    const retryAfterMs = retryAfterOf(before);
    const retry = calls.slice(0, index).filter((call) => nameOf(call) === nameOf(after)).length;
    return [{ before, after, retryAfterMs, retry, waitMs: after.startedAt - before.endedAt }];
  });
}

const retryAfterOf = ({ end }: UpstreamCall): number =>
  end instanceof ProviderFailure ? (end.details.retryAfterMs ?? 0) : 0;

function* checkWaits({ view, calls }: Case, evidence: Evidence): Generator<string> {
  for (const { waitMs, retryAfterMs, retry, before, after } of repeatsOf(calls)) {
    const longestMs = retryAfterMs + Math.min(30_000, 2 ** (retry - 1) * 1_000);
    const label = `I4: r${view.request.id} waited ${waitMs} ms before retry ${retry}`;
    if (waitMs < retryAfterMs - evidence.slackMs) yield `${label}, asked for ${retryAfterMs}`;
    const isLong = waitMs > longestMs + evidence.slackMs;
    if (isLong && !mayBeShifted(before, after, evidence)) yield `${label}, at most ${longestMs}`;
  }
}

/** What other calls have met, and places that they hold, may keep a retry waiting longer. */
function mayBeShifted(
  before: UpstreamCall,
  after: UpstreamCall,
  { calls, scenario, pauseAfter }: Evidence,
): boolean {
  const provider = scenario.providers.find(({ name }) => name === before.provider);
  if (provider?.maxConcurrency !== undefined) return true;
  return calls.some(
    (call) =>
      call.request !== before.request &&
      nameOf(call) === nameOf(before) &&
      call.endedAt <= after.startedAt &&
      call.endedAt + pauseAfter(call) > before.endedAt,
  );
}

/** Waits without jitter are all the longest. That nine in ten thousand runs are so by chance is excluded by their number. */
function* checkJitter({ cases, slackMs }: Evidence): Generator<string> {
  if (slackMs > 1) return;
  const waits = cases
    .flatMap(({ calls }) => repeatsOf(calls))
    .filter(({ retry }) => retry === 1)
    .map(({ waitMs, retryAfterMs }) => waitMs - retryAfterMs);
  if (waits.length >= 6 && waits.every((ms) => ms > 950)) yield 'I4: waits have no jitter';
}
