import type { Product } from '../contract/product.ts';

/** A product before it is written: the store counts the versions. */
export type ProductDraft = Omit<Product, 'version'>;

export interface CatalogStore {
  get(id: string): Promise<Product | undefined>;
  /** As they are at this moment, in the order of the ids; unknown ids are left out, repeated ones count once. */
  getMany(ids: readonly string[]): Promise<readonly Product[]>;
  /** Replaces the product whole and raises its version, in one step; a new product gets version 1. */
  put(draft: ProductDraft): Promise<Product>;
  /** Writes products as they are, versions included, whatever was there: for a first load. */
  putAll(products: readonly Product[]): Promise<void>;
  /** Every product, in no order. */
  listAll(): AsyncIterable<Product>;
}
