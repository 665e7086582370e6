import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailureReason, ProviderFailure } from '../../../../core/providers/provider.ts';
import { CODE_OF_FAILURE } from '../../../../core/routing/failure-code.ts';
import { type Situation, verdict } from '../../../../core/routing/verdict.ts';

const last: Situation = {
  hasAnother: false,
  mayRepeat: true,
  retries: 0,
  retryAttempts: 3,
  delivery: 'stream',
  now: 0,
  deadline: 60_000,
  random: 0.5,
  rules: { baseMs: 1_000, factor: 2, maxMs: 30_000 },
};
const judge = (reason: FailureReason, situation: Partial<Situation> = {}) =>
  verdict(new ProviderFailure(reason), { ...last, ...situation });

/** The fault matrix: how often the same target is asked again when it is the last. */
const REPEATS: readonly (readonly [FailureReason, Situation['delivery'], number])[] = [
  ['server-error', 'stream', 3],
  ['reset', 'stream', 1],
  ['rate-limited', 'stream', 1],
  ['interrupted', 'stream', 0],
  ['interrupted', 'whole', 0],
  ['connect', 'stream', 0],
  ['timeout', 'whole', 0],
  ['auth', 'stream', 0],
  ['model-not-found', 'stream', 0],
  ['bad-response', 'whole', 0],
];
const REFUSALS = ['context-length', 'content-policy', 'invalid-request'] as const;

describe('verdict', () => {
  it.each([
    ['whole', 1],
    ['stream', 0],
  ] as const)(
    'a %s answer broken off after content is asked for %i more times',
    (delivery, times) => {
      const brokenOff = new ProviderFailure('timeout', { afterContent: true });
      const verdicts = [0, 1].map(
        (retries) => verdict(brokenOff, { ...last, retries, delivery }).kind,
      );
      const expected = verdicts.map((_, index) => (index < times ? 'retry-same' : 'next-target'));
      expect(verdicts).toEqual(expected);
    },
  );

  it.each(REPEATS)(
    '%s of a %s answer: the last target is asked %i more times',
    (reason, delivery, times) => {
      const verdicts = [0, 1, 2, 3].map((retries) => judge(reason, { retries, delivery }).kind);
      const expected = verdicts.map((_, index) => (index < times ? 'retry-same' : 'next-target'));
      expect(verdicts).toEqual(expected);
    },
  );

  it.each(REPEATS)('%s: another admissible target is tried at once', (reason, delivery) => {
    expect(judge(reason, { delivery, hasAnother: true })).toEqual({ kind: 'next-target' });
  });

  it.each(REFUSALS)('%s is the request’s own fault: nobody else is asked', (reason) => {
    expect(judge(reason, { hasAnother: true })).toMatchObject({
      kind: 'give-up',
      fault: { code: CODE_OF_FAILURE[reason], status: 400 },
    });
  });

  it('names the field that the provider found wrong', () => {
    const failure = new ProviderFailure('invalid-request', { param: 'top_p' });
    expect(verdict(failure, last)).toMatchObject({ fault: { options: { param: 'top_p' } } });
  });

  it('retries no more than the provider’s configuration allows', () => {
    expect(judge('server-error', { retryAttempts: 0 }).kind).toBe('next-target');
    expect(judge('rate-limited', { retryAttempts: 0 }).kind).toBe('next-target');
    expect(judge('interrupted', { retryAttempts: 0, delivery: 'whole' }).kind).toBe('next-target');
  });

  it('does not retry what attempts or breaker forbid', () => {
    expect(judge('server-error', { mayRepeat: false }).kind).toBe('next-target');
  });

  it('waits what the provider asked for, and jitter', () => {
    const failure = new ProviderFailure('rate-limited', { retryAfterMs: 2_000 });
    expect(verdict(failure, last)).toEqual({ kind: 'retry-same', afterMs: 2_500 });
  });

  it('goes by the latest failure, not by an older wait', () => {
    expect(judge('server-error', { retries: 1 })).toEqual({ kind: 'retry-same', afterMs: 1_000 });
  });

  it('never waits past the deadline', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), random, (retryAfterMs, deadline, drawn) => {
        const failure = new ProviderFailure('server-error', { retryAfterMs });
        const judged = verdict(failure, { ...last, deadline, random: drawn });
        if (judged.kind === 'retry-same') expect(judged.afterMs).toBeLessThan(deadline);
      }),
    );
  });
});
