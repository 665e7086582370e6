import type { Availability, Product } from '../contract/product.ts';
import { toTerms } from './search-terms.ts';

/** Conditions that must all hold; of a list, one entry must. */
export interface ProductFilter {
  /** A path ("Electronics > Headphones") or any part of one ("headphones"). */
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly availability?: readonly Availability[];
  /** Minor units of the catalogue's currency, both inclusive. */
  readonly price?: { readonly min?: number; readonly max?: number };
}

/** What the filter reads of a product: all that the search index has to keep of it. */
export type FilteredProduct = Pick<Product, 'brand' | 'category'> & {
  readonly variants: readonly Pick<Product['variants'][number], 'price' | 'availability'>[];
};

/** Price and availability must hold for the same variant. */
export function matchesFilter(product: FilteredProduct, filter: ProductFilter): boolean {
  const { categories, brands, availability, price } = filter;
  if (categories && !categories.some((wanted) => isWithin(product.category, wanted))) return false;
  if (brands && !brands.some((wanted) => fold(wanted) === fold(product.brand))) return false;
  return product.variants.some(
    (variant) =>
      (availability?.includes(variant.availability) ?? true) &&
      variant.price.amount >= (price?.min ?? 0) &&
      variant.price.amount <= (price?.max ?? Number.POSITIVE_INFINITY),
  );
}

/** Whole steps of the path, whatever their case and number: "running shoe" is within "Sports > Running Shoes". */
const isWithin = (category: string, wanted: string): boolean =>
  fold(category).includes(fold(wanted));

const fold = (path: string): string =>
  `>${path
    .split('>')
    .map((step) => toTerms(step).join(' '))
    .join('>')}>`;
