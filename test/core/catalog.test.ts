import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../core/catalog/catalog.ts';
import type { CatalogStore } from '../../core/catalog/catalog-store.ts';
import type { ProductFilter } from '../../core/catalog/product-filter.ts';
import { generateProducts } from '../../infra/local/seed/generate-products.ts';
import { aProduct, aVariant } from '../support/a-product.ts';
import { createInMemoryCatalogStore } from '../support/in-memory-catalog-store.ts';

const seeded = createCatalog({ store: createInMemoryCatalogStore(generateProducts()) });
const find = (text: string, filter: ProductFilter = {}, limit = 5) =>
  seeded.search({ text, filter, limit });
const cheapest = ({ variants }: { variants: readonly { price: { amount: number } }[] }) =>
  Math.min(...variants.map(({ price }) => price.amount));
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('the seeded shop finds', () => {
  it.each([
    ['Which headphones do you have under 200?', /Headphones|Earbuds/, 20_000],
    ['wireless headphones below $100', /Wireless Over-Ear Headphones/, 10_000],
    ['espresso machines between 200 and 400', /Espresso Machine/, 40_000],
    ['gaming laptop', /Gaming Laptop/, undefined],
    ['trail running shoes', /Trail Running Shoes/, undefined],
    ['noise cancelling earbuds', /Earbuds/, undefined],
    ['robot vacuum', /Robot Vacuum/, undefined],
    ['espreso machne', /Espresso Machine/, undefined],
    ['family tents', /Family Tent/, undefined],
    ['lamp for the desk', /Desk Lamp/, undefined],
  ])('%s', async (query, title, maxAmount = Number.POSITIVE_INFINITY) => {
    const products = await find(query);
    expect(products).toHaveLength(5);
    for (const product of products) {
      expect(product.title).toMatch(title);
      expect(cheapest(product)).toBeLessThanOrEqual(maxAmount);
    }
  });

  it('everything in a category, best rated first, when no word says more', async () => {
    const products = await find('', { categories: ['Coffee Machines'] }, 100);
    const ratings = products.map(({ rating }) => rating?.value ?? 0);
    expect(products).toHaveLength(96);
    expect(ratings).toEqual(ratings.toSorted((a, b) => b - a));
  });

  it('the bounds of the filter before those in words', async () => {
    const products = await find('laptop under 500', { price: { max: 100_000 } }, 200);
    expect(products.some((product) => cheapest(product) > 50_000)).toBe(true);
  });
});

describe('what is found is fresh', () => {
  const kettle = aProduct({ id: 'k1', title: 'Kettle' });
  const atPrice = (amount: number) => [aVariant({ price: usd(amount) })];

  it('a price written after the index was loaded is the one that is served', async () => {
    const store = createInMemoryCatalogStore([kettle]);
    const catalog = createCatalog({ store });
    const query = { text: 'kettle', filter: {}, limit: 5 };
    await catalog.search(query);
    await store.put({ ...kettle, variants: atPrice(12_300) });
    const [found] = await catalog.search(query);
    expect(found).toMatchObject({ version: 2, variants: [{ price: { amount: 12_300 } }] });
  });

  it('a product that no longer fits is left out, and the next best takes its place', async () => {
    const spare = aProduct({ id: 'k2', title: 'Kettle', rating: { value: 1, count: 1 } });
    const store = createInMemoryCatalogStore([kettle, spare]);
    const catalog = createCatalog({ store });
    const query = { text: 'kettle', filter: { price: { max: 20_000 } }, limit: 1 };
    expect((await catalog.search(query)).map(({ id }) => id)).toEqual(['k1']);
    await store.put({ ...kettle, variants: atPrice(20_001) });
    expect((await catalog.search(query)).map(({ id }) => id)).toEqual(['k2']);
  });
});

describe('the index', () => {
  const counting = (store: CatalogStore, failures = 0) => {
    const calls = { listAll: 0 };
    return {
      calls,
      store: {
        ...store,
        listAll() {
          if (++calls.listAll <= failures) throw new Error('The table cannot be reached.');
          return store.listAll();
        },
      },
    };
  };
  const query = { text: 'headphones', filter: {}, limit: 1 };

  it('is loaded at the first search, and only once', async () => {
    const { store, calls } = counting(createInMemoryCatalogStore([aProduct()]));
    const catalog = createCatalog({ store });
    expect(calls.listAll).toBe(0);
    await Promise.all([catalog.search(query), catalog.search(query)]);
    await catalog.search(query);
    expect(calls.listAll).toBe(1);
  });

  it('is loaded again after a failure', async () => {
    const { store } = counting(createInMemoryCatalogStore([aProduct()]), 1);
    const catalog = createCatalog({ store });
    await expect(catalog.search(query)).rejects.toThrow('cannot be reached');
    expect(await catalog.search(query)).toHaveLength(1);
  });
});
