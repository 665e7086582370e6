import { describe, expect, it } from 'vitest';
import type { CatalogStore } from '../../core/catalog/catalog-store.ts';
import { productSchema } from '../../core/contract/product.ts';
import { generateProducts } from '../../infra/local/seed/generate-products.ts';
import { seedCatalog } from '../../infra/local/seed/seed-catalog.ts';
import { createInMemoryCatalogStore } from '../support/in-memory-catalog-store.ts';

const products = generateProducts();
const variants = products.flatMap((product) => product.variants);
const distinct = (values: readonly unknown[]) => new Set(values).size;

describe('the generated products', () => {
  it('are at least a thousand in twelve categories', () => {
    expect(products.length).toBeGreaterThanOrEqual(1_000);
    expect(distinct(products.map(({ category }) => category))).toBe(12);
  });

  it('are the same at every call', () => {
    expect(generateProducts()).toEqual(products);
  });

  it('are valid, check digits of their GTINs included', () => {
    for (const product of products) expect(productSchema.parse(product)).toEqual(product);
  });

  it('share no id, SKU, GTIN or title', () => {
    const ids = [...products, ...variants].map(({ id }) => id);
    expect(distinct(ids)).toBe(ids.length);
    expect(distinct(variants.map(({ sku }) => sku))).toBe(variants.length);
    expect(distinct(variants.flatMap(({ gtins }) => gtins))).toBe(variants.length);
    expect(distinct(products.map(({ title }) => title))).toBe(products.length);
  });

  it('have no slot of a sentence left open', () => {
    for (const { title, description } of products) {
      expect(`${title} ${description}`).not.toMatch(/[{}]|undefined/);
    }
  });

  it('are never dearer than their list price, and priced as shops do', () => {
    for (const { price, listPrice } of variants) {
      expect(price.amount % 100).toBe(99);
      expect(listPrice?.amount ?? price.amount).toBeGreaterThanOrEqual(price.amount);
    }
  });

  it('are mostly, not all, in stock', () => {
    const inStock = variants.filter(({ availability }) => availability === 'in_stock').length;
    expect(inStock / variants.length).toBeGreaterThan(0.7);
    expect(inStock / variants.length).toBeLessThan(0.9);
  });
});

describe('seeding', () => {
  it('writes every product once: what was changed since stays changed', async () => {
    const store = createInMemoryCatalogStore();
    await seedCatalog(store);
    const [first] = products;
    const changed = { ...(first ?? expect.fail('there are products')), title: 'Changed' };
    await store.put(changed);
    await seedCatalog(store);
    expect(await store.get(changed.id)).toMatchObject({ title: 'Changed' });
    expect(await store.getMany(products.map(({ id }) => id))).toHaveLength(products.length);
  });

  it('starts again where an earlier start broke off', async () => {
    const store = createInMemoryCatalogStore();
    const breaking: CatalogStore = {
      ...store,
      async putAll(some) {
        await store.putAll(some.slice(0, 9));
        throw new Error('stopped');
      },
    };
    await expect(seedCatalog(breaking)).rejects.toThrow('stopped');
    await seedCatalog(store);
    expect(await store.getMany(products.map(({ id }) => id))).toHaveLength(products.length);
  });
});
