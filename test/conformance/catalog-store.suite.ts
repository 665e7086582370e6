import { beforeEach, describe, expect, it } from 'vitest';
import type { CatalogStore } from '../../core/catalog/catalog-store.ts';
import type { Product } from '../../core/contract/product.ts';
import { aProduct } from '../support/a-product.ts';

/** What every store of products must do. `createStore` returns an empty one. */
export function describeCatalogStore(name: string, createStore: () => Promise<CatalogStore>) {
  describe(name, () => {
    let store: CatalogStore;

    beforeEach(async () => {
      store = await createStore();
    });

    const draftOf = ({ version: _, ...draft }: Product) => draft;

    it('returns a product as it was written', async () => {
      const written = await store.put(draftOf(aProduct()));
      expect(written).toEqual({ ...aProduct(), version: 1 });
      expect(await store.get(written.id)).toEqual(written);
    });

    it('knows nothing of an id that was never written', async () => {
      expect(await store.get('unknown')).toBeUndefined();
    });

    it('replaces a product whole: what the new one lacks is gone', async () => {
      await store.put(draftOf(aProduct()));
      const { rating: _, ...unrated } = draftOf(aProduct());
      await store.put(unrated);
      expect(await store.get(unrated.id)).not.toHaveProperty('rating');
    });

    it('gives each of many writes at once its own version', async () => {
      const writes = Array.from({ length: 20 }, () => store.put(draftOf(aProduct())));
      const versions = (await Promise.all(writes)).map(({ version }) => version);
      expect(versions.toSorted((a, b) => a - b)).toEqual(writes.map((_, index) => index + 1));
    });

    it('writes more products at once than one batch holds, versions included, and lists them all', async () => {
      const products = Array.from({ length: 130 }, (_, index) =>
        aProduct({ id: `product-${index}`, version: index + 1 }),
      );
      await store.putAll(products);
      const listed: Product[] = [];
      for await (const product of store.listAll()) listed.push(product);
      expect(listed.toSorted((a, b) => a.version - b.version)).toEqual(products);
    });

    it('reads many in the order of the ids, unknown ones left out, repeated ones once', async () => {
      const products = Array.from({ length: 130 }, (_, index) => aProduct({ id: `p${index}` }));
      await store.putAll(products);
      const ids = products.map(({ id }) => id).toReversed();
      const found = await store.getMany([...ids, 'unknown', 'p7']);
      expect(found.map(({ id }) => id)).toEqual(ids);
    });

    it('reads nothing for no ids', async () => {
      expect(await store.getMany([])).toEqual([]);
    });
  });
}
