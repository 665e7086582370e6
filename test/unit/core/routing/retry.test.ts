import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryWaitMs } from '../../../../core/routing/retry.ts';

const rules = { baseMs: 1_000, factor: 2, maxMs: 30_000 };

describe('retryWaitMs', () => {
  it.each([
    [1, 0.5, undefined, 500],
    [2, 0.5, undefined, 1_000],
    [5, 0.5, undefined, 8_000],
    [6, 0.5, undefined, 15_000],
    [60, 0.5, undefined, 15_000],
    [1, 0, 2_000, 2_000],
    [1, 0.5, 2_000, 2_500],
  ])(
    'before retry %i, with %d drawn and %s asked for: %i ms',
    (retry, random, retryAfterMs, ms) => {
      expect(retryWaitMs({ retry, random, retryAfterMs }, rules)).toBe(ms);
    },
  );

  it('stays between what the provider asked for and the doubled bound on top of it', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.option(fc.nat(100_000), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), random, asked, (retry, drawn, retryAfterMs) => {
        const wait = retryWaitMs({ retry, random: drawn, retryAfterMs }, rules);
        const jitter = wait - (retryAfterMs ?? 0);
        expect(jitter).toBeGreaterThanOrEqual(0);
        expect(jitter).toBeLessThanOrEqual(Math.min(30_000, 1_000 * 2 ** (retry - 1)));
      }),
    );
  });
});
