/** What a catalogue search answers, and how it is made to fit the byte budget. */
import * as z from 'zod';
import { minorUnitDigits, type Price, type Product } from '../contract/product.ts';
import { toUcpProduct, UCP_VERSION, type UcpProduct, ucpProductSchema } from './ucp-product.ts';

const SHORT_DESCRIPTION = 160;

export const productListSchema = z.looseObject({
  ucp: z.looseObject({
    version: z.string(),
    capabilities: z.record(z.string(), z.array(z.looseObject({ version: z.string() }))),
  }),
  products: z.array(ucpProductSchema),
  truncated: z.boolean().optional().describe('Parts were left out to keep the answer small.'),
});
export type ProductList = z.infer<typeof productListSchema>;

const UCP = {
  version: UCP_VERSION,
  capabilities: { 'dev.ucp.shopping.catalog.search': [{ version: UCP_VERSION }] },
};

/** The list whole, then with less and less in it: what a model needs least goes first. */
export function* productLists(found: readonly Product[]): Generator<ProductList> {
  let products = found.map(toUcpProduct);
  yield { ucp: UCP, products };
  for (const cut of [dropSpecifications, shortenDescription, keepOneVariant]) {
    products = products.map(cut);
    yield { ucp: UCP, products, truncated: true };
  }
  while (products.length > 1) {
    products = products.slice(0, -1);
    yield { ucp: UCP, products, truncated: true };
  }
}

/** One line a product: id, title, price, availability, rating. */
export function toProductLines({ products, truncated }: ProductList): string {
  if (products.length === 0) return 'No product matches.';
  return [...products.map(toLine), ...(truncated ? ['(shortened)'] : [])].join('\n');
}

function toLine({ id, title, price_range: { min, max }, variants, rating }: UcpProduct): string {
  const price = min.amount === max.amount ? toMoney(min) : `${toMoney(min)} to ${toMoney(max)}`;
  const statuses = [...new Set(variants.map(({ availability }) => availability.status))];
  const stars = rating ? [`rated ${rating.value}/${rating.scale_max} by ${rating.count}`] : [];
  return [id, title, price, statuses.join(' or '), ...stars].join(' | ');
}

const toMoney = ({ amount, currency }: Price): string =>
  `${(amount / 10 ** minorUnitDigits(currency)).toFixed(minorUnitDigits(currency))} ${currency}`;

const dropSpecifications = (product: UcpProduct): UcpProduct => {
  const { specifications: _, ...metadata } = product.metadata;
  return { ...product, metadata };
};

const shortenDescription = (product: UcpProduct): UcpProduct => ({
  ...product,
  description: { plain: `${product.description.plain.slice(0, SHORT_DESCRIPTION)}…` },
});

/** The first variant that can be had, so that a product with stock never looks sold out. */
const keepOneVariant = (product: UcpProduct): UcpProduct => {
  const orderable = product.variants.findIndex(({ availability }) => availability.available);
  const at = Math.max(orderable, 0);
  return { ...product, variants: product.variants.slice(at, at + 1) };
};
