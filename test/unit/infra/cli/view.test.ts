import { describe, expect, it } from 'vitest';
import { fields } from '../../../../infra/cli/fields.ts';
import { duration, time, usd, usdOfMicro } from '../../../../infra/cli/view.ts';

describe('figures', () => {
  it.each([
    ['12.5', '$12.50'],
    ['0', '$0.00'],
    ['0.000012', '$0.000012'],
    ['1234567.1', '$1,234,567.10'],
    [undefined, ''],
    [null, ''],
  ])('shows the dollars %j as "%s"', (amount, shown) => expect(usd(amount)).toBe(shown));

  it.each([
    [1, '$0.000001'],
    [1_500, '$0.0015'],
    [12_500_000, '$12.50'],
    [100_000_000, '$100.00'],
    [0, '$0.00'],
  ])('shows %d micro-dollars as "%s"', (amount, shown) => expect(usdOfMicro(amount)).toBe(shown));

  it.each([
    [0, '0 ms'],
    [850.4, '850 ms'],
    [1_240, '1.24 s'],
    [125_000, '2 min 5 s'],
  ])('shows %d ms as "%s"', (ms, shown) => expect(duration(ms)).toBe(shown));

  it('shows a time without what nobody reads', () => {
    expect(time('2026-03-02T12:00:00.123Z')).toBe('2026-03-02 12:00:00');
  });
});

describe('fields', () => {
  it('stand under each other, without those that have no value, and wrap between words', () => {
    const view = { width: 24, paint: (_: unknown, text: string) => text };
    const entries = [
      ['Id', 'k1'],
      ['Nothing', ''],
      ['Limits', '60 requests/min, 5 at once'],
    ] as const;
    expect(fields(entries, view)).toBe(
      ['  Id      k1', '  Limits  60', '          requests/min,', '          5 at once'].join('\n'),
    );
  });
});
