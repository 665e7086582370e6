import { describe, expect, it } from 'vitest';
import { hasAttemptsLeft, nextStep } from '../../../../core/routing/next-step.ts';
import { UNTOUCHED } from '../../../../core/routing/target-state.ts';
import { aTarget, aView } from '../../../support/a-target.ts';

const situation = { now: 1_000, deadline: 10_000, attempts: [], maxAttempts: 6 };
const free = aView(aTarget('p/a'));
const other = aView(aTarget('q/a'));
const limited = (until: number, name = 'p/a') =>
  aView(aTarget(name), { state: { ...UNTOUCHED, limitedUntil: until } });
const open = aView(aTarget('p/a'), {
  state: { ...UNTOUCHED, breaker: { at: 'open', until: 2_000, trips: 1 } },
});
const latched = aView(aTarget('p/a'), { state: { ...UNTOUCHED, latchedUntil: 2_000 } });
const taken = aView(aTarget('p/a'), { isTaken: true });
const at = (provider: string, times = 1) => Array.from({ length: times }, () => ({ provider }));

describe('nextStep', () => {
  it.each([
    ['the first that is admissible', [free, other], free],
    ['passes over an open breaker', [open, other], other],
    ['and over a refused credential', [latched, other], other],
    ['and over a full provider', [taken, other], other],
    ['and over a rate window', [limited(2_000), other], other],
  ])('%s', (_, untried, view) => {
    expect(nextStep(untried, situation)).toEqual({ kind: 'try', view });
  });

  it.each([
    [
      'waits for the first rate window to end',
      [limited(3_000), limited(2_000, 'q/a')],
      { kind: 'wait', until: 2_000 },
    ],
    ['but not past the deadline', [limited(10_000)], { kind: 'nothing' }],
    ['never for a breaker', [open], { kind: 'nothing' }],
    ['never for a credential', [latched], { kind: 'nothing' }],
    ['nor for a place', [taken], { kind: 'nothing' }],
    ['and ends when nothing is left', [], { kind: 'nothing' }],
  ])('%s', (_, untried, expected) => {
    expect(nextStep(untried, situation)).toEqual(expected);
  });

  it('starts nothing at the deadline', () => {
    expect(nextStep([free], { ...situation, now: 10_000 })).toEqual({ kind: 'nothing' });
  });

  it('passes over a provider that has had its attempts', () => {
    const step = nextStep([free, other], { ...situation, attempts: at('p', 3) });
    expect(step).toEqual({ kind: 'try', view: other });
  });
});

describe('hasAttemptsLeft', () => {
  const spent = aView(aTarget('p/a'), {
    retries: { spentAt: Array.from({ length: 10 }, () => 1_000), requests: 0 },
  });

  it.each([
    ['three at a provider', free, at('p', 2), 6, true],
    ['no fourth', free, at('p', 3), 6, false],
    ['six in all', free, at('q', 5), 6, true],
    ['no seventh, whatever the client asks for', free, at('q', 6), 99, false],
    ['fewer, if the client says so', free, at('q', 2), 2, false],
    ['a first one costs no retry', spent, at('q', 1), 6, true],
    ['a second one does', spent, at('p', 1), 6, false],
  ])('%s', (_, view, attempts, maxAttempts, expected) => {
    expect(hasAttemptsLeft(view, { ...situation, attempts, maxAttempts })).toBe(expected);
  });
});
