/** The history of a run, arranged for judgement. */
import { type FailureReason, ProviderFailure } from '../../core/providers/provider.ts';
import type { ClientView, History } from './history.ts';
import type { Scenario } from './scenario.ts';
import type { Verdict } from './target-model.ts';
import type { UpstreamCall } from './upstream.ts';

export interface Case {
  readonly view: ClientView;
  /** In the order in which they started. */
  readonly calls: readonly UpstreamCall[];
}

export interface Evidence {
  readonly scenario: Scenario;
  readonly calls: readonly UpstreamCall[];
  readonly cases: readonly Case[];
  /** How far decisions may lag behind what the upstream saw. */
  readonly slackMs: number;
  /** What all environments share is whole, so it can be judged. */
  readonly isShared: boolean;
  reasonOf(call: UpstreamCall): FailureReason | undefined;
  verdictOf(call: UpstreamCall): Verdict;
  /** For how long the target may be left alone because of this call. */
  pauseAfter(call: UpstreamCall): number;
}

/** Rounding of instants. */
const EPSILON_MS = 1e-6;
/** Of an attempt at a whole answer, unless the provider's configuration says otherwise. */
const WHOLE_MS = 30_000;
/** Several round trips of the slow store. */
const SLOW_STORE_MS = 100;

export function createEvidence({ scenario, views, calls }: History): Evidence {
  const byRequest = Map.groupBy(calls, ({ request }) => request);
  const viewOf = new Map(views.map((view) => [view.request.id, view]));
  const leftBy = (call: UpstreamCall) =>
    (viewOf.get(call.request)?.leftAt ?? Number.POSITIVE_INFINITY) <= call.endedAt;
  const isOverdue = (call: UpstreamCall) => {
    const view = viewOf.get(call.request);
    return (
      view !== undefined && call.endedAt >= view.arrivedAt + view.request.deadlineMs - EPSILON_MS
    );
  };
  const isOver = (call: UpstreamCall) => {
    const { timeoutMs = WHOLE_MS } =
      scenario.providers.find(({ name }) => name === call.provider) ?? {};
    return isOverdue(call) || call.endedAt >= call.startedAt + timeoutMs - EPSILON_MS;
  };
  const isCutShort = (call: UpstreamCall) => isOverdue(call) || (call.sent !== '' && isOver(call));
  const reasonOf = (call: UpstreamCall) => {
    if (call.end instanceof ProviderFailure) return call.end.reason;
    if (call.end !== 'closed' || leftBy(call)) return undefined;
    // Had there been time left, then silence after content was why.
    return call.sent !== '' && !isOver(call) ? 'interrupted' : 'timeout';
  };
  return {
    scenario,
    calls,
    cases: views.map((view) => ({ view, calls: byRequest.get(view.request.id) ?? [] })),
    slackMs: scenario.store === 'instant' || scenario.store === 'down' ? EPSILON_MS : SLOW_STORE_MS,
    isShared: scenario.store !== 'flaky',
    reasonOf,
    verdictOf(call) {
      if (call.end === 'answered') return 'good';
      const reason = reasonOf(call);
      if (reason === undefined || (call.end === 'closed' && isCutShort(call))) return 'abandoned';
      return COUNTABLE.has(reason) ? 'bad' : 'refusal';
    },
    pauseAfter(call) {
      const { breaker, rateWindowMs, credentialLatchMs } = scenario.health;
      const reason = reasonOf(call);
      if (reason === undefined) return 0;
      if (reason === 'auth') return credentialLatchMs;
      if (reason !== 'rate-limited') return COUNTABLE.has(reason) ? 2 * breaker.cooldownMs : 0;
      const asked = call.end instanceof ProviderFailure ? call.end.details.retryAfterMs : undefined;
      return asked ?? rateWindowMs;
    },
  };
}

const COUNTABLE: ReadonlySet<FailureReason> = new Set([
  'connect',
  'reset',
  'timeout',
  'server-error',
  'bad-response',
  'interrupted',
]);

export const nameOf = ({ provider, model }: UpstreamCall): string => `${provider}/${model}`;
