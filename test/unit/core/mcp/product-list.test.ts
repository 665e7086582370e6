import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  productListSchema,
  productLists,
  toProductLines,
} from '../../../../core/mcp/product-list.ts';
import { toolResult } from '../../../../core/mcp/tool-result.ts';
import { aProduct, aVariant } from '../../../support/a-product.ts';

const form = { outputSchema: productListSchema, toText: toProductLines };
const whole = (...products: ReturnType<typeof aProduct>[]) => {
  const [first] = productLists(products);
  return first ?? expect.fail('there is always a first rendering');
};

it('shows a product as the Universal Commerce Protocol has it', () => {
  expect(whole(aProduct()).products[0]).toEqual({
    id: 'auravelle-nocturne-400',
    title: 'Auravelle Nocturne 400 Wireless Over-Ear Headphones',
    description: { plain: 'Closed wireless headphones with 40 hours of battery life.' },
    price_range: {
      min: { amount: 19999, currency: 'USD' },
      max: { amount: 19999, currency: 'USD' },
    },
    categories: [{ value: 'Electronics > Headphones', taxonomy: 'merchant' }],
    variants: [
      {
        id: 'auravelle-nocturne-400-black',
        title: 'Black',
        description: { plain: 'Black' },
        sku: 'AUR-400-1',
        barcodes: [{ type: 'GTIN', value: '2000000004006' }],
        price: { amount: 19999, currency: 'USD' },
        list_price: { amount: 24999, currency: 'USD' },
        availability: { available: true, status: 'in_stock' },
        options: [{ name: 'Color', label: 'Black' }],
      },
    ],
    media: [
      { type: 'image', url: 'https://images.shop.example/nocturne.jpg', alt_text: 'Nocturne' },
    ],
    rating: { value: 4.5, count: 120, scale_min: 1, scale_max: 5 },
    metadata: {
      brand: 'Auravelle',
      condition: 'new',
      version: 1,
      updated_at: '2026-01-15T00:00:00.000Z',
      specifications: [{ key: 'battery_life', label: 'Battery life', value: 40, unit: 'h' }],
    },
  });
});

it.each([
  ['in_stock', true],
  ['backorder', true],
  ['preorder', true],
  ['out_of_stock', false],
  ['discontinued', false],
] as const)('%s is available: %s', (status, available) => {
  const { products } = whole(aProduct({ variants: [aVariant({ availability: status })] }));
  expect(products[0]?.variants[0]?.availability).toEqual({ available, status });
});

describe('the text', () => {
  it('is one line a product', () => {
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    const variants = [
      aVariant({ price: usd(9900) }),
      aVariant({ price: usd(14950), availability: 'backorder' }),
    ];
    expect(toProductLines(whole(aProduct({ id: 'a', title: 'A', variants })))).toBe(
      'a | A | 99.00 USD to 149.50 USD | in_stock or backorder | rated 4.5/5 by 120',
    );
  });

  it('says so when there is none', () => {
    expect(toProductLines(whole())).toBe('No product matches.');
  });
});

describe('a list that is too large', () => {
  const many = (count: number, changes = {}) =>
    Array.from({ length: count }, (_, index) => aProduct({ id: `p${index}`, ...changes }));
  const sent = (products: ReturnType<typeof many>) =>
    productListSchema.parse(toolResult(form, productLists(products)).structuredContent);

  it('loses specifications first', () => {
    const specifications = Array.from({ length: 60 }, (_, index) => ({
      key: `key_${index}`,
      label: 'A label',
      value: 'x'.repeat(20),
    }));
    const { products, truncated } = sent(many(10, { specifications }));
    expect(truncated).toBe(true);
    expect(products).toHaveLength(10);
    expect(products[0]?.metadata).not.toHaveProperty('specifications');
    expect(products[0]?.description.plain).toBe(aProduct().description);
  });

  it('then the rest of its descriptions', () => {
    const { products } = sent(many(10, { description: 'word '.repeat(1000) }));
    expect(products).toHaveLength(10);
    expect(products[0]?.description.plain).toHaveLength(161);
  });

  it('then all variants but the first that can be had, then products from its end', () => {
    const variants = Array.from({ length: 30 }, (_, index) =>
      aVariant({ id: `v${index}`, availability: index < 4 ? 'out_of_stock' : 'in_stock' }),
    );
    const { products } = sent(many(50, { variants }));
    expect(products[0]?.variants.map(({ id }) => id)).toEqual(['v4']);
    expect(products.length).toBeGreaterThan(20);
    expect(products.map(({ id }) => id)).toEqual(products.map((_, index) => `p${index}`));
  });

  it('is always valid and within the budget', () => {
    const product = fc.record({
      description: fc.string({ minLength: 1, maxLength: 5000, unit: 'grapheme' }),
      title: fc.string({ minLength: 1, maxLength: 150, unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(fc.array(product, { maxLength: 50 }), (changes) => {
        const result = toolResult(form, productLists(changes.map(aProduct)));
        expect(result.isError).toBeUndefined();
        // Within a hundred bytes for what the protocol puts around the two.
        expect(Buffer.byteLength(JSON.stringify(result)) - 32 * 1024).toBeLessThan(100);
      }),
      { numRuns: 30 },
    );
  });
});
