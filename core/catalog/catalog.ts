import { minorUnitDigits, type Product } from '../contract/product.ts';
import type { CatalogStore } from './catalog-store.ts';
import { readPricePhrase } from './price-phrase.ts';
import { matchesFilter, type ProductFilter } from './product-filter.ts';
import { buildIndex, type SearchIndex, searchIndex } from './search.ts';

export interface CatalogSearch {
  readonly text: string;
  readonly filter: ProductFilter;
  readonly limit: number;
}

export interface Catalog {
  /** The best matches, with price and stock as they are at this moment. */
  search(request: CatalogSearch): Promise<readonly Product[]>;
}

/** The index is loaded at the first search, once; it may be older than the products, so these are read again. */
export function createCatalog({ store }: { readonly store: CatalogStore }): Catalog {
  let loading: Promise<SearchIndex> | undefined;

  const loadIndex = () => {
    loading ??= readIndex(store).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  return {
    async search({ text, filter, limit }) {
      const index = await loadIndex();
      const { text: words, price } = readPricePhrase(text, minorUnitDigits(index.currency));
      const query = { text: words, filter: { ...filter, price: { ...price, ...filter.price } } };
      const ids = searchIndex(index, query);
      const found: Product[] = [];
      for (let at = 0; at < ids.length && found.length < limit; at += limit) {
        const products = await store.getMany(ids.slice(at, at + limit));
        found.push(...products.filter((product) => matchesFilter(product, query.filter)));
      }
      return found.slice(0, limit);
    },
  };
}

async function readIndex(store: CatalogStore): Promise<SearchIndex> {
  const products: Product[] = [];
  for await (const product of store.listAll()) products.push(product);
  return buildIndex(products);
}
