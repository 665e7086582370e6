import { describe, expect, it } from 'vitest';
import { matchesFilter, type ProductFilter } from '../../../../core/catalog/product-filter.ts';
import { aProduct, aVariant } from '../../../support/a-product.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const product = aProduct({
  brand: 'Auravelle',
  category: 'Electronics > Headphones',
  variants: [
    aVariant({ id: 'cheap', price: usd(9900), availability: 'out_of_stock' }),
    aVariant({ id: 'dear', price: usd(14900), availability: 'in_stock' }),
  ],
});

describe('a product passes', () => {
  it.each<[string, ProductFilter]>([
    ['no conditions', {}],
    ['its path', { categories: ['Electronics > Headphones'] }],
    ['a step of its path, in any case and number', { categories: ['headphone'] }],
    ['one category of several', { categories: ['Laptops', 'Electronics'] }],
    ['its brand in any case', { brands: ['AURAVELLE'] }],
    ['bounds that are its prices', { price: { min: 9900, max: 9900 } }],
    ['a state of one variant', { availability: ['backorder', 'in_stock'] }],
  ])('%s', (_, filter) => {
    expect(matchesFilter(product, filter)).toBe(true);
  });
});

describe('a product does not pass', () => {
  it.each<[string, ProductFilter]>([
    ['another category', { categories: ['Electronics > Speakers'] }],
    ['a part of a word of its path', { categories: ['phones'] }],
    ['another brand', { brands: ['Aura'] }],
    ['a bound below its prices', { price: { max: 9899 } }],
    ['a bound above its prices', { price: { min: 14901 } }],
    ['a gap between its prices', { price: { min: 10000, max: 14000 } }],
    [
      'a price and a state of different variants',
      { price: { max: 10000 }, availability: ['in_stock'] },
    ],
  ])('%s', (_, filter) => {
    expect(matchesFilter(product, filter)).toBe(false);
  });
});
