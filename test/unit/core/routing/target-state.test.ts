import { describe, expect, it } from 'vitest';
import type { FailureReason } from '../../../../core/providers/provider.ts';
import { CLOSED } from '../../../../core/routing/breaker.ts';
import {
  admitToTarget,
  blockOf,
  type Outcome,
  settleTarget,
  smoothFirstToken,
  type TargetState,
  UNTOUCHED,
} from '../../../../core/routing/target-state.ts';

const rules = {
  breaker: { failures: 2, cooldownMs: 1_000 },
  rateWindowMs: 300,
  credentialLatchMs: 5_000,
};
const moment = { holder: 'me', now: 100 };
const failed = (reason: FailureReason, retryAfterMs?: number): Outcome => ({
  kind: 'failed',
  reason,
  retryAfterMs,
});
const settle = (state: TargetState, outcome: Outcome) =>
  settleTarget(state, { ...moment, outcome }, rules);

const failing: TargetState = { ...UNTOUCHED, breaker: { at: 'closed', failures: 1 } };
const probing: TargetState = {
  ...UNTOUCHED,
  breaker: { at: 'probing', until: 900, trips: 1, holder: 'me' },
};

describe('settleTarget', () => {
  it.each(['connect', 'reset', 'timeout', 'server-error', 'bad-response', 'interrupted'] as const)(
    '%s counts against the target',
    (reason) => {
      expect(settle(failing, failed(reason)).breaker).toMatchObject({ at: 'open', until: 1_100 });
    },
  );

  it.each([
    'rate-limited',
    'auth',
    'model-not-found',
    'context-length',
    'content-policy',
    'invalid-request',
    'unsupported',
  ] as const)(
    '%s neither counts nor ends a row of failures, and shows a probe that the target lives',
    (reason) => {
      expect(settle(failing, failed(reason)).breaker).toBe(failing.breaker);
      expect(settle(probing, failed(reason)).breaker).toBe(CLOSED);
    },
  );

  it.each([UNTOUCHED, failing, probing])(
    'a call that its client abandoned changes nothing',
    (state) => {
      expect(settle(state, { kind: 'abandoned' })).toBe(state);
    },
  );

  it('an answer ends a row of failures, and is nothing to store otherwise', () => {
    expect(settle(failing, { kind: 'answered' })).toEqual(UNTOUCHED);
    expect(settle(UNTOUCHED, { kind: 'answered' })).toBe(UNTOUCHED);
  });

  it('a 429 opens a rate window for as long as it says', () => {
    expect(settle(UNTOUCHED, failed('rate-limited', 2_000)).limitedUntil).toBe(2_100);
  });

  it('of two windows the longer holds', () => {
    const limited = { ...UNTOUCHED, limitedUntil: 9_000 };
    expect(settle(limited, failed('rate-limited', 2_000))).toBe(limited);
  });

  it('a provider that asks for a day is asked again after an hour', () => {
    expect(settle(UNTOUCHED, failed('rate-limited', 86_400_000)).limitedUntil).toBe(3_600_100);
  });

  it('a 429 that names no time opens a short, assumed window', () => {
    const state = settle(UNTOUCHED, failed('rate-limited'));
    expect(state).toMatchObject({ limitedUntil: 0, crowdedUntil: 400 });
  });

  it('a refused credential is not shown to the provider again for a while', () => {
    expect(settle(UNTOUCHED, failed('auth')).latchedUntil).toBe(5_100);
  });
});

describe('blockOf', () => {
  const open = { at: 'open', until: 500, trips: 1 } as const;

  it.each([
    ['nothing blocks a target that nothing is known of', UNTOUCHED, undefined],
    ['an open breaker', { ...UNTOUCHED, breaker: open }, { by: 'breaker', until: 500 }],
    ['somebody else’s probe', probing, { by: 'breaker', until: 900 }],
    [
      'a breaker after its cooldown does not',
      { ...UNTOUCHED, breaker: { ...open, until: 100 } },
      undefined,
    ],
    ['a refused credential', { ...UNTOUCHED, latchedUntil: 700 }, { by: 'credential', until: 700 }],
    ['a rate window', { ...UNTOUCHED, limitedUntil: 700 }, { by: 'rate-limit', until: 700 }],
    [
      'the longer of a named and an assumed one',
      { ...UNTOUCHED, limitedUntil: 200, crowdedUntil: 700 },
      { by: 'rate-limit', until: 700 },
    ],
    [
      'what cannot be waited for goes before what can',
      { ...UNTOUCHED, breaker: open, latchedUntil: 700, limitedUntil: 800 },
      { by: 'breaker', until: 500 },
    ],
  ] as const)('%s', (_, state, expected) => {
    expect(blockOf(state, 100)).toEqual(expected);
  });
});

describe('admitToTarget', () => {
  it('stores nothing for a closed breaker', () => {
    expect(admitToTarget(failing, moment, rules)).toBe(failing);
  });

  it('refuses what the breaker refuses', () => {
    expect(admitToTarget(probing, moment, rules)).toBe('refused');
  });

  it('leases the probe under the caller’s name', () => {
    const admitted = admitToTarget(probing, { holder: 'you', now: 900 }, rules);
    expect(admitted).toMatchObject({ breaker: { at: 'probing', until: 1_900, holder: 'you' } });
  });
});

describe('smoothFirstToken', () => {
  it('begins with the first sample and then moves a fifth of the way', () => {
    expect(smoothFirstToken(undefined, 100)).toBe(100);
    expect(smoothFirstToken(100, 200)).toBe(120);
  });
});
