/** What a target's breaker must have been at each moment, told from the upstream's side alone. */
import type { BreakerRules } from '../../core/routing/breaker.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How a call looks to the target's health. */
export type Verdict = 'good' | 'bad' | 'refusal' | 'abandoned';

export interface JudgedCall {
  readonly label: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly verdict: Verdict;
}

interface ModelRules extends BreakerRules {
  /** How far the store may lag behind the upstream. */
  readonly slackMs: number;
}

export interface TargetModel {
  readonly violations: readonly string[];
  isSurelyClosed(span: Span): boolean;
}

interface Event {
  readonly at: number;
  readonly isStart: boolean;
  readonly call: JudgedCall;
}

type Mode =
  | { readonly at: 'closed'; readonly failures: number }
  | {
      readonly at: 'open' | 'probing';
      readonly since: number;
      readonly until: number;
      readonly trips: number;
      readonly probe?: JudgedCall;
    }
  | { readonly at: 'unknown' };

interface Change {
  readonly at: number;
  readonly mode: Mode;
}

/** Ends in the unknown where two events are too close to tell their order. */
export function modelTarget(calls: readonly JudgedCall[], rules: ModelRules): TargetModel {
  const events = toEvents(calls);
  const violations: string[] = [];
  const changes: Change[] = [];
  let mode: Mode = { at: 'closed', failures: 0 };
  for (const [index, event] of events.entries()) {
    const next: Mode = isAmbiguous(events, index, { mode, rules })
      ? { at: 'unknown' }
      : follow(mode, event, rules);
    if (event.isStart && isForbidden(mode, event, rules)) {
      violations.push(`I5: ${event.call.label} started while the breaker was ${mode.at}`);
    }
    if (next !== mode) changes.push({ at: event.at, mode: next });
    mode = next;
  }
  return { violations, isSurelyClosed: (span) => isClosedOver(changes, span) };
}

/** Ends before starts: a call made at the instant at which another ended knows of it. */
const toEvents = (calls: readonly JudgedCall[]): readonly Event[] =>
  calls
    .flatMap((call): Event[] => [
      { at: call.startedAt, isStart: true, call },
      { at: call.endedAt, isStart: false, call },
    ])
    .toSorted((a, b) => a.at - b.at || Number(a.isStart) - Number(b.isStart));

/** It is closed before the first change. */
const isClosedOver = (changes: readonly Change[], { from, to }: Span): boolean =>
  changes.every(({ at, mode }, index) => {
    const endsAt = changes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return mode.at === 'closed' || endsAt <= from || at >= to;
  });

function isForbidden(mode: Mode, { at }: Event, { slackMs }: ModelRules): boolean {
  if (!isTripped(mode) || at >= mode.until - slackMs) return false;
  // A call let in just before the breaker opened may start just after; beside a probe there is no excuse.
  return mode.at === 'probing' || at > mode.since + slackMs;
}

type Tripped = Extract<Mode, { until: number }>;

const isTripped = (mode: Mode): mode is Tripped => mode.at === 'open' || mode.at === 'probing';

function follow(mode: Mode, event: Event, rules: ModelRules): Mode {
  if (mode.at === 'unknown') return mode;
  return event.isStart ? start(mode, event, rules) : finish(mode, event, rules);
}

function start(mode: Mode, { at, call }: Event, { cooldownMs, slackMs }: ModelRules): Mode {
  if (!isTripped(mode) || at < mode.until - slackMs) return mode;
  return { ...mode, at: 'probing', since: at, until: at + cooldownMs, probe: call };
}

function finish(mode: Mode, { at, call }: Event, rules: ModelRules): Mode {
  if (mode.at === 'closed') {
    if (call.verdict === 'good') return { at: 'closed', failures: 0 };
    if (call.verdict !== 'bad') return mode;
    const failures = mode.failures + 1;
    return failures < rules.failures ? { at: 'closed', failures } : open(1, at, rules);
  }
  if (!isTripped(mode) || mode.probe !== call || call.verdict === 'abandoned') return mode;
  return call.verdict === 'bad' ? open(mode.trips + 1, at, rules) : { at: 'closed', failures: 0 };
}

const open = (trips: number, at: number, { cooldownMs }: ModelRules): Mode => ({
  at: 'open',
  since: at,
  until: at + cooldownMs * (trips > 1 ? 2 : 1),
  trips,
});

/** Whether the store may have seen this end in another order than the upstream. */
function isAmbiguous(
  events: readonly Event[],
  index: number,
  { mode, rules }: { readonly mode: Mode; readonly rules: ModelRules },
): boolean {
  const event = events[index];
  if (!event || event.isStart || event.call.verdict === 'abandoned') return false;
  if (mode.at === 'probing' && mode.probe === event.call) {
    if (Math.abs(mode.until - event.at) <= rules.slackMs) return true;
  }
  return neighbours(events, index, rules.slackMs).some(
    ({ isStart, call }) => !isStart && call.verdict !== event.call.verdict,
  );
}

function neighbours(events: readonly Event[], index: number, withinMs: number): readonly Event[] {
  const at = events[index]?.at ?? Number.NaN;
  const isNear = (event: Event) => Math.abs(event.at - at) <= withinMs;
  const before = events.slice(0, index);
  const after = events.slice(index + 1);
  return [
    ...before.slice(before.findLastIndex((event) => !isNear(event)) + 1),
    ...after.filter(isNear),
  ];
}
