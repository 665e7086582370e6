import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refillBucket } from '../../../../edge/policy/token-bucket.ts';

const RULE = { capacity: 10, refill: 4, intervalMs: 1000 };

it.each([
  ['a new one is full', undefined, 5_000, { tokens: 10, refilledAt: 5_000 }],
  ['nothing comes before a whole interval', { tokens: 3, refilledAt: 0 }, 999, { tokens: 3 }],
  ['each whole interval fills it', { tokens: 1, refilledAt: 0 }, 2_500, { tokens: 9 }],
  ['it never overflows', { tokens: 9, refilledAt: 0 }, 60_000, { tokens: 10 }],
  ['a clock set back takes nothing', { tokens: 3, refilledAt: 9_000 }, 100, { tokens: 3 }],
] as const)('%s', (_, bucket, now, expected) => {
  expect(refillBucket(bucket, RULE, now)).toMatchObject(expected);
});

it('looking often gives no more than looking once', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 20 });
  fc.assert(
    fc.property(looks, fc.integer({ min: 0, max: 10 }), (times, tokens) => {
      const start = { tokens, refilledAt: 0 };
      const often = times
        .toSorted((a, b) => a - b)
        .reduce((bucket, now) => refillBucket(bucket, RULE, now), start);
      expect(refillBucket(often, RULE, 20_000)).toEqual(refillBucket(start, RULE, 20_000));
    }),
  );
});
