/** Finds products by their words, in memory: BM25 over weighted fields, exact codes first. */
import MiniSearch from 'minisearch';
import type { Product, Specification } from '../contract/product.ts';
import { type FilteredProduct, matchesFilter, type ProductFilter } from './product-filter.ts';
import { toTerm, toTerms, toWords } from './search-terms.ts';

/** With fewer exact hits than this, misspelt words are tried. */
const ENOUGH = 3;
const SHORTEST_PREFIX = 4;
const SHORTEST_MISSPELT = 5;
/** Edits allowed, as a part of the word's length. */
const FUZZINESS = 0.2;
const GTIN_LENGTH = 14;

export interface SearchIndex {
  readonly texts: MiniSearch<SearchDocument>;
  readonly products: ReadonlyMap<string, FilteredProduct>;
  /** Product ids by every id, SKU and GTIN. */
  readonly codes: ReadonlyMap<string, string>;
  /** Of all prices: an index holds one currency. */
  readonly currency: string;
}

export interface SearchQuery {
  /** Absent or without a word that says something: everything that passes the filter, best rated first. */
  readonly text?: string;
  readonly filter: ProductFilter;
}

interface SearchDocument {
  readonly id: string;
  readonly title: string;
  readonly brand: string;
  readonly category: string;
  readonly attributes: string;
  readonly description: string;
}

export function buildIndex(products: readonly Product[]): SearchIndex {
  const texts = new MiniSearch<SearchDocument>({
    fields: ['title', 'brand', 'category', 'attributes', 'description'],
    tokenize: toWords,
    processTerm: toTerm,
    searchOptions: {
      boost: { title: 4, brand: 4, category: 4, attributes: 1, description: 1 },
      prefix: (term) => term.length >= SHORTEST_PREFIX,
    },
  });
  // Equal scores keep the order in which products came.
  texts.addAll(products.toSorted(byRating).map(toDocument));
  return {
    texts,
    products: new Map(products.map((product) => [product.id, toFiltered(product)])),
    codes: new Map(
      products.flatMap((product) => codesOf(product).map((code) => [code, product.id])),
    ),
    currency: products[0]?.variants[0]?.price.currency ?? 'USD',
  };
}

/** Ids of all matching products, best first. */
export function searchIndex(
  index: SearchIndex,
  { text = '', filter }: SearchQuery,
): readonly string[] {
  return rank(index, text).filter((id) => {
    const product = index.products.get(id);
    return product !== undefined && matchesFilter(product, filter);
  });
}

function rank({ texts, codes }: SearchIndex, text: string): readonly string[] {
  const byCode = codes.get(toCode(text));
  if (byCode) return [byCode];
  if (toTerms(text).length === 0) return idsOf(texts.search(MiniSearch.wildcard));
  const exact = texts.search(text);
  if (exact.length >= ENOUGH) return idsOf(exact);
  return idsOf(
    texts.search(text, {
      fuzzy: (term) => term.length >= SHORTEST_MISSPELT && FUZZINESS,
    }),
  );
}

const idsOf = (results: readonly { readonly id: string }[]) => results.map(({ id }) => id);

const byRating = (a: Product, b: Product): number =>
  (b.rating?.value ?? 0) - (a.rating?.value ?? 0) || (a.id < b.id ? -1 : 1);

const toDocument = (product: Product): SearchDocument => ({
  id: product.id,
  title: product.title,
  brand: product.brand,
  category: product.category,
  attributes: [
    ...product.specifications.map(toAttribute),
    ...product.variants.flatMap(({ options }) => options.map(({ label }) => label)),
  ].join('\n'),
  description: product.description,
});

/** Of a yes or no only the yes is worth finding, under its label. */
function toAttribute({ label, value, unit = '' }: Specification): string {
  if (typeof value === 'boolean') return value ? label : '';
  return `${label} ${value} ${unit}`;
}

const toFiltered = ({ brand, category, variants }: Product): FilteredProduct => ({
  brand,
  category,
  variants: variants.map(({ price, availability }) => ({ price, availability })),
});

const codesOf = ({ id, variants }: Product): readonly string[] =>
  [id, ...variants.flatMap((variant) => [variant.id, variant.sku ?? '', ...variant.gtins])]
    .filter((code) => code !== '')
    .map(toCode);

/** GTINs of all lengths compare as 14 digits. */
function toCode(text: string): string {
  const code = text.trim().toLowerCase();
  return /^\d{8,14}$/.test(code) ? code.padStart(GTIN_LENGTH, '0') : code;
}
