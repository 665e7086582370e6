/** What all environments must hold together: breakers, pauses, retry budgets, places. */
import { type Target, targetName } from '../../core/routing/target.ts';
import { type Case, type Evidence, nameOf } from './evidence.ts';
import type { ClientView } from './history.ts';
import { modelTarget, type Span, type TargetModel } from './target-model.ts';
import type { UpstreamCall } from './upstream.ts';

interface Pause extends Span {
  /** Own retries may fall into it. */
  readonly isGuess: boolean;
}

export function checkShared(evidence: Evidence): readonly string[] {
  if (!evidence.isShared) return [];
  const byTarget = Map.groupBy(evidence.calls, nameOf);
  const models = new Map<string, TargetModel>();
  const pauses = new Map<string, readonly Pause[]>();
  for (const [name, calls] of byTarget) {
    models.set(name, modelOf(calls, evidence));
    pauses.set(name, pausesOf(calls, evidence));
  }
  return [
    ...[...models.values()].flatMap(({ violations }) => violations),
    ...[...byTarget].flatMap(([name, calls]) => [
      ...checkPauses(calls, pauses.get(name) ?? [], evidence),
    ]),
    ...checkRetryBudgets(evidence),
    ...checkPlaces(evidence),
    ...evidence.cases.flatMap((each) => [...checkNeed(each, { evidence, models, pauses })]),
  ];
}

function modelOf(calls: readonly UpstreamCall[], { scenario, slackMs, verdictOf }: Evidence) {
  const judged = calls.map((call) => ({
    label: `r${call.request} at ${nameOf(call)}`,
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    verdict: verdictOf(call),
  }));
  return modelTarget(judged, { ...scenario.health.breaker, slackMs });
}

function pausesOf(calls: readonly UpstreamCall[], evidence: Evidence): readonly Pause[] {
  return calls.flatMap((call) => {
    const reason = evidence.reasonOf(call);
    if (reason !== 'auth' && reason !== 'rate-limited') return [];
    const isTold = typeof call.end !== 'string' && call.end.details.retryAfterMs !== undefined;
    const isGuess = reason === 'rate-limited' && !isTold;
    return [{ from: call.endedAt, to: call.endedAt + evidence.pauseAfter(call), isGuess }];
  });
}

function* checkPauses(
  calls: readonly UpstreamCall[],
  pauses: readonly Pause[],
  { slackMs }: Evidence,
): Generator<string> {
  for (const { from, to, isGuess } of pauses) {
    for (const call of calls) {
      const isIn = call.startedAt > from + slackMs && call.startedAt < to - slackMs;
      if (isIn && !(isGuess && isRepeat(call, calls))) {
        yield `F2: r${call.request} called ${nameOf(call)} during its pause`;
      }
    }
  }
}

const isRepeat = (call: UpstreamCall, calls: readonly UpstreamCall[]): boolean =>
  calls.find(({ request }) => request === call.request) !== call;

function* checkRetryBudgets({ calls }: Evidence): Generator<string> {
  for (const [provider, here] of Map.groupBy(calls, (call) => call.provider)) {
    const seen = new Set<number>();
    const marked = here.map((call) => {
      const isRetry = seen.has(call.request);
      seen.add(call.request);
      return { at: call.startedAt, isRetry };
    });
    for (const { at, isRetry } of marked) {
      if (!isRetry) continue;
      const window = marked.filter((call) => call.at >= at && call.at <= at + 10_000);
      const retries = window.filter((call) => call.isRetry).length;
      if (retries > 0.2 * (window.length - retries) + 10) {
        yield `I3: ${retries} retries within 10 s at ${provider}`;
        break;
      }
    }
  }
}

function* checkPlaces({ calls, scenario }: Evidence): Generator<string> {
  for (const { name, maxConcurrency = Number.POSITIVE_INFINITY } of scenario.providers) {
    const here = calls.filter(({ provider }) => provider === name);
    const most = Math.max(0, ...here.map(({ startedAt }) => inFlight(here, startedAt)));
    if (most > maxConcurrency) yield `places: ${most} calls at once at ${name}`;
  }
}

const inFlight = (calls: readonly UpstreamCall[], at: number): number =>
  calls.filter(({ startedAt, endedAt }) => startedAt <= at && at < endedAt).length;

interface Known {
  readonly evidence: Evidence;
  readonly models: ReadonlyMap<string, TargetModel>;
  readonly pauses: ReadonlyMap<string, readonly Pause[]>;
}

/** A request that failed must have tried, or been rightly refused, every target of its plan. */
function* checkNeed({ view, calls }: Case, known: Known): Generator<string> {
  const { slackMs } = known.evidence;
  const { maxAttempts, deadlineMs, id } = view.request;
  const isOverdue = view.endedAt >= view.arrivedAt + deadlineMs - slackMs;
  const isExhausted = calls.length >= Math.min(6, maxAttempts);
  if (view.end !== 'error' || REFUSALS.has(view.code) || isOverdue || isExhausted) return;
  const tried = new Set(calls.map(({ provider }) => provider));
  const span = { from: view.endedAt - slackMs, to: view.endedAt + slackMs };
  for (const target of view.plan.targets) {
    if (tried.has(target.provider) || isCrowded(target, view, known.evidence)) continue;
    if (isFree(target, span, known)) {
      yield `need: r${id} got ${view.code}, but ${targetName(target)} was free`;
    }
  }
}

/** Each request under way may hold a place. */
function isCrowded(
  { provider, maxConcurrency }: Target,
  view: ClientView,
  { cases, slackMs }: Evidence,
): boolean {
  const rivals = cases.filter(
    ({ view: other }) =>
      other !== view &&
      other.arrivedAt <= view.endedAt &&
      view.endedAt <= other.endedAt + 2 * slackMs &&
      other.plan.targets.some((target) => target.provider === provider),
  );
  return rivals.length >= (maxConcurrency ?? Number.POSITIVE_INFINITY);
}

const REFUSALS: ReadonlySet<string | undefined> = new Set([
  'context_length_exceeded',
  'content_policy_violation',
  'invalid_parameter',
]);
function isFree(target: Target, span: Span, { models, pauses }: Known): boolean {
  const name = targetName(target);
  const isPaused = pauses.get(name)?.some(({ from, to }) => from <= span.to && span.from <= to);
  return !isPaused && (models.get(name)?.isSurelyClosed(span) ?? true);
}
