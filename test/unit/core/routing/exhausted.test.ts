import { describe, expect, it } from 'vitest';
import type { FailureReason } from '../../../../core/providers/provider.ts';
import { exhausted, type FailedAttempt } from '../../../../core/routing/exhausted.ts';
import type { TargetView } from '../../../../core/routing/next-step.ts';
import { type TargetState, UNTOUCHED } from '../../../../core/routing/target-state.ts';
import { aTarget, aView } from '../../../support/a-target.ts';

const now = 10_000;
const withState = (state: Partial<TargetState>): TargetView =>
  aView(aTarget(), { state: { ...UNTOUCHED, ...state } });
const free = aView();
const other = aView(aTarget('other/model'));
const failed = (reason: FailureReason, { target } = free): FailedAttempt => ({ ...target, reason });
const unable = ({ target } = free): FailedAttempt => ({
  ...target,
  reason: 'unsupported',
  param: 'logprobs',
});
const limited = withState({ limitedUntil: now + 2_400 });
const latched = withState({ latchedUntil: now + 60_000 });
const open = withState({ breaker: { at: 'open', until: now + 30_000, trips: 1 } });
const taken = aView(aTarget(), { isTaken: true });

describe('exhausted, after attempts', () => {
  it.each<[FailureReason[], string, number]>([
    [['rate-limited', 'rate-limited'], 'upstream_rate_limited', 429],
    [['timeout', 'timeout'], 'upstream_timeout', 504],
    [['model-not-found'], 'model_not_found', 404],
    [['connect'], 'upstream_connect_error', 502],
    [['reset'], 'upstream_unavailable', 502],
    [['interrupted'], 'upstream_unavailable', 502],
    [['server-error', 'connect'], 'upstream_connect_error', 502],
    [['connect', 'auth'], 'upstream_auth_error', 502],
    [['auth', 'bad-response'], 'upstream_bad_response', 502],
    [['connect', 'timeout'], 'upstream_connect_error', 502],
    [['auth', 'model-not-found', 'rate-limited'], 'upstream_auth_error', 502],
    [['timeout', 'rate-limited'], 'upstream_unavailable', 502],
  ])('%j: %s, %i', (reasons, code, status) => {
    const failures = reasons.map((reason) => failed(reason));
    expect(exhausted(failures, [free], now)).toMatchObject({ code, status });
  });
});

describe('exhausted, with nothing tried', () => {
  it.each([
    ['all breakers open', [open, open], 'all_providers_unavailable'],
    ['all in a rate window', [limited, limited], 'upstream_rate_limited'],
    ['all refusing our credential: never a 401', [latched], 'upstream_auth_error'],
    ['for several causes', [latched, open], 'all_providers_unavailable'],
    ['no place free', [taken], 'all_providers_unavailable'],
  ])('%s: %s', (_, views, code) => {
    expect(exhausted([], views, now)).toMatchObject({ code });
  });
});

describe('Retry-After', () => {
  it.each([
    ['is the soonest that any target is available, in whole seconds', [open, limited], 3],
    ['is a second when one is already', [open, free], 1],
    ['is a second when a place may come free', [taken], 1],
    [
      'waits for a taken target that is also limited',
      [aView(aTarget(), { ...limited, isTaken: true })],
      3,
    ],
  ])('%s', (_, views, seconds) => {
    const fault = exhausted([failed('server-error')], views, now);
    expect(fault.options.retryAfterSeconds).toBe(seconds);
  });

  it('does not come with a model that nobody has', () => {
    expect(exhausted([failed('model-not-found')], [open], now).options).toEqual({});
  });
});

describe('a provider that cannot do what is asked', () => {
  it('makes it the request that is at fault where no other one could', () => {
    const fault = exhausted([unable(), unable(other)], [free, other], now);
    expect(fault).toMatchObject({ code: 'invalid_parameter', options: { param: 'logprobs' } });
    expect(fault.message).toContain('logprobs');
    expect(fault.options.retryAfterSeconds).toBeUndefined();
  });

  it.each([
    ['one that failed', [failed('server-error', other)], other, 'upstream_unavailable'],
    [
      'one whose breaker is open',
      [],
      { ...open, target: other.target },
      'all_providers_unavailable',
    ],
  ])('leaves the word to %s', (_, others, view, code) => {
    expect(exhausted([unable(), ...others], [free, view], now)).toMatchObject({ code });
  });
});
