import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPricePhrase } from '../../../../core/catalog/price-phrase.ts';

describe('a price in words becomes bounds and leaves the query', () => {
  it.each([
    ['headphones under 200', 'headphones', { max: 20000 }],
    ['Which headphones do you have under $200?', 'Which headphones do you have ?', { max: 20000 }],
    ['laptop below 1,499.50 dollars with 32 GB', 'laptop with 32 GB', { max: 149950 }],
    ['tents over 300 and less than 500', 'tents and', { min: 30000, max: 50000 }],
    ['between 50 and 80 euros', '', { min: 5000, max: 8000 }],
    ['speaker $50-$80', 'speaker', { min: 5000, max: 8000 }],
    ['speaker 50-80€', 'speaker', { min: 5000, max: 8000 }],
    ['lamp over 20usd', 'lamp', { min: 2000 }],
    ['a lamp up to $40 wireless', 'a lamp wireless', { max: 4000 }],
  ])('%s', (query, text, price) => {
    expect(readPricePhrase(query, 2)).toEqual({ text, price });
  });

  it('counts in the minor units of the currency', () => {
    expect(readPricePhrase('under 5000', 0).price).toEqual({ max: 5000 });
  });
});

describe('what is no price stays in the query', () => {
  it.each([
    'tent under 2 kg',
    'headphones with over 30 hours',
    'lens 18-55',
    'sizes 8 to 10',
    'under armour',
    'kettle over 2 pounds',
    'AUR-0040-1',
    '2000000004006',
  ])('%s', (query) => {
    expect(readPricePhrase(query, 2)).toEqual({ text: query, price: {} });
  });
});

it('reads any text at all, and never makes it longer', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (query) => {
      const { text, price } = readPricePhrase(query, 2);
      expect(text.length).toBeLessThanOrEqual(query.length);
      for (const bound of Object.values(price)) expect(Number.isInteger(bound)).toBe(true);
    }),
  );
});
