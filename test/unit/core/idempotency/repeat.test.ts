import { describe, expect, it } from 'vitest';
import { checkIdempotencyKey, refuseRepeat } from '../../../../core/idempotency/repeat.ts';

describe('an idempotency key', () => {
  it.each([
    ['one character', 'k', true],
    ['255 characters', 'k'.repeat(255), true],
    ['a quoted string, as the IETF draft has it', '"8e03978e-40d5-43dd"', true],
    ['spaces within', 'order 17', true],
    ['nothing', '', false],
    ['256 characters', 'k'.repeat(256), false],
    ['a control character', 'a\u0007b', false],
    ['a letter beyond ASCII', 'schlüssel', false],
  ])('of %s', (_, key, isAccepted) => {
    const fault = checkIdempotencyKey(key);
    expect(fault?.code).toBe(isAccepted ? undefined : 'invalid_parameter');
  });
});

describe('a second request under a key', () => {
  const holder = { requestId: 'first', bodyDigest: 'same', expiresAt: 10_000 };
  const inFlight = { ...holder, state: 'in-flight' } as const;
  const notKept = { ...holder, state: 'not-kept' } as const;
  const kept = { ...holder, state: 'kept-as-blob' } as const;

  it.each([
    ['gets the answer that was kept', kept, 'same', undefined],
    ['with another body is a mismatch', kept, 'other', 'idempotency_mismatch'],
    ['is a mismatch also while the first is in flight', inFlight, 'other', 'idempotency_mismatch'],
    ['has to wait while the first is in flight', inFlight, 'same', 'idempotency_in_flight'],
    ['is told that the answer was not kept', notKept, 'same', 'idempotency_not_kept'],
  ] as const)('%s', (_, held, bodyDigest, code) => {
    expect(refuseRepeat(held, bodyDigest, 0)?.code).toBe(code);
  });

  it.each([
    ['soon, while there is time', 0, 5],
    ['when the first must have ended', 7_500, 3],
    ['in a second, and never at once', 10_000, 1],
  ])('may ask again %s', (_, now, retryAfterSeconds) => {
    expect(refuseRepeat(inFlight, 'same', now)?.options).toEqual({ retryAfterSeconds });
  });
});
