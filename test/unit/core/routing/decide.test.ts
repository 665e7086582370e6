import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailureReason, ProviderFailure } from '../../../../core/providers/provider.ts';
import { type Bounds, decide, type Progress } from '../../../../core/routing/decide.ts';
import type { TargetView } from '../../../../core/routing/next-step.ts';
import { UNTOUCHED } from '../../../../core/routing/target-state.ts';
import { aTarget, aView } from '../../../support/a-target.ts';

const bounds: Bounds = {
  delivery: 'stream',
  maxAttempts: 6,
  deadline: 60_000,
  now: 1_000,
  random: 0.5,
  rules: { baseMs: 1_000, factor: 2, maxMs: 30_000 },
};
const first = aView(aTarget('p/a'));
const second = aView(aTarget('q/a'));
const limited = aView(aTarget('q/a'), { state: { ...UNTOUCHED, limitedUntil: 5_000 } });

/** Of a plan over the first target and the `others`: its attempts have ended with these reasons. */
function progressAfter(
  reasons: readonly FailureReason[],
  others: readonly TargetView[] = [],
): Progress {
  const { provider, model } = first.target;
  const latest = reasons.at(-1);
  return {
    views: [first, ...others],
    untried: latest ? others : [first, ...others],
    attempts: reasons.map((reason) => ({ provider, model, reason })),
    failed: latest && { view: first, failure: new ProviderFailure(latest) },
  };
}

describe('decide', () => {
  it('begins with the first of the plan', () => {
    expect(decide(progressAfter([], [second]), bounds)).toEqual({ kind: 'try', view: first });
  });

  it('fails over at once', () => {
    expect(decide(progressAfter(['server-error'], [second]), bounds)).toEqual({
      kind: 'try',
      view: second,
    });
  });

  it('waits for the same target only when it is the last', () => {
    const repeat = first.target;
    expect(decide(progressAfter(['server-error']), bounds)).toEqual({
      kind: 'wait',
      ms: 500,
      repeat,
    });
    expect(decide(progressAfter(['server-error', 'server-error']), bounds)).toMatchObject({
      ms: 1_000,
    });
  });

  it('prefers the retry to the end of another’s rate window', () => {
    expect(decide(progressAfter(['server-error'], [limited]), bounds)).toMatchObject({ ms: 500 });
  });

  it('waits for a rate window to end when there is nothing else, and spreads who waits', () => {
    const decision = decide(progressAfter(['connect'], [limited]), bounds);
    expect(decision).toEqual({ kind: 'wait', ms: 4_500, repeat: undefined });
  });

  it('stays within the deadline even then', () => {
    const decision = decide(progressAfter(['connect'], [limited]), { ...bounds, deadline: 5_100 });
    expect(decision).toMatchObject({ ms: 4_050 });
  });

  it('gives up at once when the request is at fault', () => {
    const decision = decide(progressAfter(['content-policy'], [second]), bounds);
    expect(decision).toMatchObject({
      kind: 'give-up',
      fault: { code: 'content_policy_violation' },
    });
  });

  it('does not call a target whose breaker has just opened', () => {
    const breaker = { at: 'open', until: 31_000, trips: 1 } as const;
    const opened = { ...first, state: { ...UNTOUCHED, breaker } };
    const failure = new ProviderFailure('server-error');
    const progress = { ...progressAfter(['server-error']), failed: { view: opened, failure } };
    expect(decide(progress, bounds)).toMatchObject({
      kind: 'exhausted',
      fault: { code: 'upstream_unavailable' },
    });
  });

  it('is exhausted after three attempts at the only provider', () => {
    const progress = progressAfter(['server-error', 'server-error', 'server-error']);
    expect(decide(progress, bounds).kind).toBe('exhausted');
  });

  it('is exhausted at the deadline', () => {
    expect(decide(progressAfter([]), { ...bounds, now: 60_000 })).toMatchObject({
      kind: 'exhausted',
      fault: { code: 'all_providers_unavailable' },
    });
  });

  it('never lets a wait end past the deadline, nor tries anything after it', () => {
    const reason = fc.constantFrom<FailureReason>(
      'server-error',
      'reset',
      'rate-limited',
      'connect',
    );
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(reason),
        fc.boolean(),
        fc.nat(8_000),
        random,
        (reasons, isLimited, deadline, drawn) => {
          const progress = progressAfter(reasons, isLimited ? [limited] : []);
          const decision = decide(progress, { ...bounds, deadline, random: drawn });
          if (decision.kind === 'wait')
            expect(bounds.now + decision.ms).toBeLessThanOrEqual(deadline);
          if (decision.kind === 'try') expect(bounds.now).toBeLessThan(deadline);
        },
      ),
    );
  });
});
