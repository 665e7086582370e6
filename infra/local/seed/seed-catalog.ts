import type { CatalogStore } from '../../../core/catalog/catalog-store.ts';
import { generateProducts } from './generate-products.ts';

/** Fills an empty catalogue, once: the first product is written last and shows that all are there. */
export async function seedCatalog(store: CatalogStore): Promise<void> {
  const [first, ...rest] = generateProducts();
  if (!first || (await store.get(first.id))) return;
  await store.putAll(rest);
  await store.putAll([first]);
}
