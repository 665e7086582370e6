import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type Breaker, CLOSED, settle } from '../../../../core/routing/breaker.ts';

const rules = { failures: 5, cooldownMs: 1_000 };
const opened = { at: 'open', until: 1_000, trips: 1 } as const;
const probing = { at: 'probing', until: 2_000, trips: 1, holder: 'me' } as const;

describe('settle', () => {
  it.each([
    ['a success leaves a closed breaker as it is', CLOSED, true, CLOSED],
    ['a failure is counted', CLOSED, false, { at: 'closed', failures: 1 }],
    ['a success ends the row', { at: 'closed', failures: 4 }, true, CLOSED],
    [
      'the last failure of a row opens it',
      { at: 'closed', failures: 4 },
      false,
      { ...opened, until: 1_500 },
    ],
    ['a late failure does not prolong an open breaker', opened, false, opened],
    ['a late success cannot close an open breaker', opened, true, opened],
    ['a good probe closes it', probing, true, CLOSED],
    ['a failed probe re-opens for longer', probing, false, { at: 'open', until: 2_500, trips: 2 }],
    [
      'but not for ever longer',
      { ...probing, trips: 9 },
      false,
      { at: 'open', until: 2_500, trips: 10 },
    ],
  ] as const)('%s', (_, before, ok, after) => {
    expect(settle(before, { ok, holder: 'me', now: 500 }, rules)).toEqual(after);
  });

  it.each([true, false])('the result of another call is not that of the probe (ok: %s)', (ok) => {
    expect(settle(probing, { ok, holder: 'other', now: 500 }, rules)).toBe(probing);
  });

  it('returns the same value where nothing changes', () => {
    expect(settle(CLOSED, { ok: true, holder: 'me', now: 0 }, rules)).toBe(CLOSED);
  });
});

describe('admit', () => {
  const leased = (now: number, trips = 1): Breaker => ({
    at: 'probing',
    until: now + 1_000,
    trips,
    holder: 'me',
  });

  it.each([
    ['lets every call into a closed breaker', CLOSED, 0, CLOSED],
    ['refuses while open', opened, 999, 'refused'],
    ['leases one probe after the cooldown', opened, 1_000, leased(1_000)],
    ['refuses beside a probe', probing, 1_999, 'refused'],
    ['leases another when the probe was never settled', probing, 2_000, leased(2_000)],
  ] as const)('%s', (_, breaker, now, expected) => {
    expect(admit(breaker, { holder: 'me', now }, rules)).toEqual(expected);
  });
});

describe('over any history', () => {
  it('opens exactly at the fifth of five failures in a row', () => {
    const openedAt = (results: readonly boolean[]): number => {
      let breaker: Breaker = CLOSED;
      return results.findIndex((ok) => {
        breaker = settle(breaker, { ok, holder: 'me', now: 0 }, rules);
        return breaker.at === 'open';
      });
    };
    const fifthInARow = (results: readonly boolean[]): number =>
      results.findIndex(
        (_, index) => index >= 4 && !results.slice(index - 4, index + 1).includes(true),
      );
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (results) => {
        expect(openedAt(results)).toBe(fifthInARow(results));
      }),
    );
  });

  it('never lets two calls in within one cooldown once it is open', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 60 }), (gaps) => {
        let breaker: Breaker = opened;
        let now = 0;
        const admittedAt: number[] = [];
        for (const [index, gap] of gaps.entries()) {
          now += gap;
          const next = admit(breaker, { holder: `r${index}`, now }, rules);
          if (next === 'refused') continue;
          admittedAt.push(now);
          breaker = next;
        }
        for (const [index, at] of admittedAt.entries()) {
          expect(at - (admittedAt[index - 1] ?? 0)).toBeGreaterThanOrEqual(rules.cooldownMs);
        }
      }),
    );
  });

  it('survives the way through the store', () => {
    for (const breaker of [CLOSED, opened, probing]) {
      expect(JSON.parse(JSON.stringify(breaker))).toEqual(breaker);
    }
  });
});
