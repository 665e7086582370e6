import type { CatalogStore } from '../../core/catalog/catalog-store.ts';
import type { Product } from '../../core/contract/product.ts';

export function createInMemoryCatalogStore(initial: readonly Product[] = []): CatalogStore {
  const products = new Map(initial.map((product) => [product.id, product]));

  return {
    get: async (id) => products.get(id),
    getMany: async (ids) => [...new Set(ids)].flatMap((id) => products.get(id) ?? []),
    async put(draft) {
      const product = { ...draft, version: (products.get(draft.id)?.version ?? 0) + 1 };
      products.set(product.id, product);
      return product;
    },
    async putAll(all) {
      for (const product of all) products.set(product.id, product);
    },
    async *listAll() {
      yield* products.values();
    },
  };
}
