import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUsd, microUsd } from '../../../../core/contract/money.ts';

describe('formatUsd', () => {
  it.each([
    [0, '0'],
    [1, '0.000001'],
    [1_500, '0.0015'],
    [1_000_000, '1'],
    [12_500_000, '12.5'],
  ])('%d micro-dollars are %s', (amount, text) => expect(formatUsd(microUsd(amount))).toBe(text));

  it('says the amount exactly', () =>
    fc.assert(
      fc.property(fc.nat(), (amount) => {
        const [whole = '', fraction = ''] = formatUsd(microUsd(amount)).split('.');
        expect(BigInt(whole + fraction.padEnd(6, '0'))).toBe(BigInt(amount));
      }),
    ));
});

describe('microUsd', () => {
  it.each([-1, 0.5, Number.NaN, 2 ** 60])('refuses %d', (amount) =>
    expect(() => microUsd(amount)).toThrow(),
  );
});
