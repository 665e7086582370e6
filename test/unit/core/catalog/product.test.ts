import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorUnitDigits, priceRange, productSchema } from '../../../../core/contract/product.ts';
import { aProduct, aVariant } from '../../../support/a-product.ts';

describe('a GTIN', () => {
  const isAccepted = (gtin: string) =>
    productSchema.safeParse(aProduct({ variants: [aVariant({ gtins: [gtin] })] })).success;

  it.each(['96385074', '036000291452', '4006381333931', '10614141000415'])(
    '%s has the right check digit',
    (gtin) => {
      expect(isAccepted(gtin)).toBe(true);
    },
  );

  it.each(['', '4006381333932', '0360002914', '400638133393X', '104006381333931'])(
    '"%s" is none',
    (text) => {
      expect(isAccepted(text)).toBe(false);
    },
  );

  it('is wrong when any one digit is wrong', () => {
    const gtin = '4006381333931';
    fc.assert(
      fc.property(fc.nat(12), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const wrong = (Number(gtin[at]) + by) % 10;
        expect(isAccepted(gtin.slice(0, at) + wrong + gtin.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe('a product is refused', () => {
  const usd = (amount: number) => ({ amount, currency: 'USD' });

  it.each([
    ['without a variant', { variants: [] }],
    ['with a price of 13 digits', { variants: [aVariant({ price: usd(10 ** 12) })] }],
    ['with a fraction of a minor unit', { variants: [aVariant({ price: usd(0.5) })] }],
    [
      'with prices in two currencies',
      { variants: [aVariant(), aVariant({ price: { amount: 1, currency: 'EUR' } })] },
    ],
    ['with an id that is a path', { id: '../secret' }],
  ])('%s', (_, changes) => {
    expect(productSchema.safeParse(aProduct(changes)).success).toBe(false);
  });
});

it('ranges from the cheapest to the dearest variant', () => {
  const variants = [300, 100, 200].map((amount) =>
    aVariant({ price: { amount, currency: 'USD' } }),
  );
  const { min, max } = priceRange({ variants });
  expect([min.amount, max.amount]).toEqual([100, 300]);
});

it.each([
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
])('%s has %i decimals', (currency, digits) => {
  expect(minorUnitDigits(currency)).toBe(digits);
});
