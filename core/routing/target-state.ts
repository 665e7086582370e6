/** What all instances share about one target: its breaker, its rate window and its credential latch. */
import type { FailureReason } from '../providers/provider.ts';
import { admit, type Breaker, type BreakerRules, CLOSED, settle } from './breaker.ts';

export interface TargetState {
  readonly breaker: Breaker;
  /** End of the rate window that a 429 named. */
  readonly limitedUntil: number;
  /** End of the one assumed after a 429 that named none: it keeps others away, not the caller's own retry. */
  readonly crowdedUntil: number;
  /** End of the pause after the provider refused the gateway's credential. */
  readonly latchedUntil: number;
}

export interface HealthRules {
  readonly breaker: BreakerRules;
  /** The rate window assumed after a 429 that names none. */
  readonly rateWindowMs: number;
  readonly credentialLatchMs: number;
}

/** How a call ended. A call that its client abandoned says nothing about the target. */
export type Outcome =
  | { readonly kind: 'answered' }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'abandoned' };

export interface Block {
  readonly by: 'breaker' | 'credential' | 'rate-limit';
  /** Epoch ms. */
  readonly until: number;
}

interface Moment {
  readonly holder: string;
  readonly now: number;
}

export const UNTOUCHED: TargetState = {
  breaker: CLOSED,
  limitedUntil: 0,
  crowdedUntil: 0,
  latchedUntil: 0,
};

/** A provider that asks for more is asked again after this long. */
const LONGEST_WINDOW_MS = 3_600_000;
const SMOOTHING = 0.2;

/** Why a call would be refused now. */
export function blockOf(state: TargetState, now: number): Block | undefined {
  const { breaker, latchedUntil } = state;
  if (breaker.at !== 'closed' && now < breaker.until) {
    return { by: 'breaker', until: breaker.until };
  }
  if (now < latchedUntil) return { by: 'credential', until: latchedUntil };
  const limitedUntil = Math.max(state.limitedUntil, state.crowdedUntil);
  return now < limitedUntil ? { by: 'rate-limit', until: limitedUntil } : undefined;
}

/** The state once the call is let in: another one only if it is now a probe. */
export function admitToTarget(
  state: TargetState,
  moment: Moment,
  rules: HealthRules,
): TargetState | 'refused' {
  const breaker = admit(state.breaker, moment, rules.breaker);
  return breaker === 'refused' ? breaker : withBreaker(state, breaker);
}

/** Returns the state itself where the outcome changes nothing. */
export function settleTarget(
  state: TargetState,
  { outcome, ...moment }: Moment & { readonly outcome: Outcome },
  rules: HealthRules,
): TargetState {
  if (outcome.kind === 'abandoned') return state;
  const ok = outcome.kind === 'answered' || !isCountable(outcome.reason);
  // A refusal is no failure of the target, nor does it end a row of them; a refused probe found it alive.
  const counts = outcome.kind === 'answered' || !ok || state.breaker.at === 'probing';
  const settled = counts
    ? withBreaker(state, settle(state.breaker, { ...moment, ok }, rules.breaker))
    : state;
  return outcome.kind === 'failed' ? withPause(settled, { ...moment, ...outcome }, rules) : settled;
}

/** The running mean of a target's first-token times, in ms. */
export const smoothFirstToken = (before: number | undefined, sampleMs: number): number =>
  before === undefined ? sampleMs : before + SMOOTHING * (sampleMs - before);

function withPause(
  state: TargetState,
  { reason, retryAfterMs, now }: Moment & Extract<Outcome, { kind: 'failed' }>,
  rules: HealthRules,
): TargetState {
  if (reason === 'auth') return { ...state, latchedUntil: now + rules.credentialLatchMs };
  if (reason !== 'rate-limited') return state;
  if (retryAfterMs === undefined) return { ...state, crowdedUntil: now + rules.rateWindowMs };
  const until = now + Math.min(retryAfterMs, LONGEST_WINDOW_MS);
  return until > state.limitedUntil ? { ...state, limitedUntil: until } : state;
}

function isCountable(reason: FailureReason): boolean {
  switch (reason) {
    case 'connect':
    case 'reset':
    case 'timeout':
    case 'server-error':
    case 'bad-response':
    case 'interrupted':
      return true;
    case 'rate-limited':
    case 'auth':
    case 'model-not-found':
    case 'context-length':
    case 'content-policy':
    case 'invalid-request':
    case 'unsupported':
      return false;
  }
}

const withBreaker = (state: TargetState, breaker: Breaker): TargetState =>
  breaker === state.breaker ? state : { ...state, breaker };
