import { describe, expect, it } from 'vitest';
import { buildIndex, searchIndex } from '../../../../core/catalog/search.ts';
import { aProduct, aVariant } from '../../../support/a-product.ts';

const product = (id: string, title: string, changes = {}) =>
  aProduct({
    id,
    title,
    description: '',
    brand: 'Other',
    category: 'Other',
    specifications: [],
    variants: [aVariant({ id: `${id}-v`, sku: `SKU-${id}`, gtins: [] })],
    ...changes,
  });

const search = (products: readonly ReturnType<typeof product>[], text: string, filter = {}) =>
  searchIndex(buildIndex(products), { text, filter });

describe('ranking', () => {
  it('prefers the title to brand, category, specifications and description', () => {
    const found = search(
      [
        product('described', 'A', { description: 'goes with a kettle' }),
        product('titled', 'Steel kettle'),
      ],
      'kettle',
    );
    expect(found).toEqual(['titled', 'described']);
  });

  it.each([
    ['brand', { brand: 'Kettler' }],
    ['category', { category: 'Kitchen > Kettlers' }],
    ['option', { variants: [aVariant({ options: [{ name: 'For', label: 'Kettler' }] })] }],
    ['text', { specifications: [{ key: 'for', label: 'For', value: 'kettler' }] }],
    ['true', { specifications: [{ key: 'kettler', label: 'Kettler', value: true }] }],
  ])('finds a word of a %s', (_, changes) => {
    expect(search([product('a', 'A', changes)], 'kettlers')).toEqual(['a']);
  });

  it('does not find a product by a feature that it lacks', () => {
    const specifications = [{ key: 'anc', label: 'Noise cancelling', value: false }];
    expect(search([product('a', 'A', { specifications })], 'noise cancelling')).toEqual([]);
  });

  it('puts the better rated first where words do not decide', () => {
    const rated = (id: string, value: number) =>
      product(id, 'Kettle', { rating: { value, count: 9 } });
    const products = [rated('fair', 3.9), rated('good', 4.8)];
    expect(search(products, 'kettle')).toEqual(['good', 'fair']);
    expect(search(products, '')).toEqual(['good', 'fair']);
  });
});

describe('codes', () => {
  const products = [
    product('kettle-1', 'Kettle', {
      variants: [aVariant({ id: 'kettle-1-red', sku: 'KET/1', gtins: ['036000291452'] })],
    }),
    product('other', 'Holder for KET/1 kettle-1 kettle-1-red 036000291452'),
  ];

  it.each([
    ['product id', 'kettle-1'],
    ['variant id', ' Kettle-1-RED '],
    ['SKU', 'ket/1'],
    ['GTIN', '036000291452'],
    ['GTIN in its 14-digit form', '00036000291452'],
  ])('an exact %s finds just its product', (_, code) => {
    expect(search(products, code)).toEqual(['kettle-1']);
  });

  it('is still subject to the filter', () => {
    expect(search(products, 'kettle-1', { brands: ['Nobody'] })).toEqual([]);
  });
});

describe('misspelt words', () => {
  const products = [product('a', 'Espresso machine'), product('b', 'Express courier bag')];

  it('are understood where nothing has them', () => {
    expect(search(products, 'espreso')[0]).toBe('a');
  });

  it('are not tried where enough is found exactly', () => {
    const kettles = ['1', '2', '3'].map((id) => product(id, `Kettle ${id}`));
    expect(search([...kettles, product('nettle', 'Nettle tea')], 'kettle')).not.toContain('nettle');
  });
});

it('filters by what the index knows', () => {
  const variants = [aVariant({ price: { amount: 4900, currency: 'USD' } })];
  const products = [product('cheap', 'Kettle', { variants }), product('dear', 'Kettle')];
  expect(search(products, 'kettle', { price: { max: 5000 } })).toEqual(['cheap']);
});

it('finds nothing in an empty catalogue', () => {
  expect(search([], 'kettle')).toEqual([]);
});
