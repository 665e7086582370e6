/**
 * Products as the Universal Commerce Protocol's catalogue capability shows them, release 2026-04-08.
 * What UCP has no field for is in `metadata`.
 */
import * as z from 'zod';
import { type Product, priceRange, type Variant } from '../contract/product.ts';

export const UCP_VERSION = '2026-04-08';

const priceSchema = z.looseObject({
  amount: z.int().describe('Minor units of the currency: 19999 is $199.99.'),
  currency: z.string(),
});
const textSchema = z.looseObject({ plain: z.string() });
/** Their fields are not spelt out: every tool's schema is in the list of tools, which must stay small. */
const detailsSchema = z.array(z.looseObject({})).optional();

const variantSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  description: textSchema,
  sku: z.string().optional(),
  barcodes: detailsSchema,
  price: priceSchema,
  list_price: priceSchema.optional(),
  availability: z.looseObject({ available: z.boolean(), status: z.string() }),
  options: detailsSchema,
  media: detailsSchema,
});

export const ucpProductSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  description: textSchema,
  price_range: z.looseObject({ min: priceSchema, max: priceSchema }),
  categories: z.array(z.looseObject({ value: z.string(), taxonomy: z.string() })),
  variants: z.array(variantSchema).min(1),
  media: detailsSchema,
  rating: z
    .looseObject({
      value: z.number(),
      scale_min: z.number(),
      scale_max: z.number(),
      count: z.int(),
    })
    .optional(),
  metadata: z.looseObject({
    brand: z.string(),
    condition: z.string(),
    version: z.int(),
    updated_at: z.string(),
    specifications: z
      .array(
        z.looseObject({
          key: z.string(),
          label: z.string(),
          value: z.union([z.number(), z.boolean(), z.string()]),
          unit: z.string().optional(),
        }),
      )
      .optional(),
  }),
});
export type UcpProduct = z.infer<typeof ucpProductSchema>;

const ORDERABLE: ReadonlySet<Variant['availability']> = new Set([
  'in_stock',
  'backorder',
  'preorder',
]);

export const toUcpProduct = (product: Product): UcpProduct => ({
  id: product.id,
  title: product.title,
  description: { plain: product.description },
  price_range: priceRange(product),
  categories: [{ value: product.category, taxonomy: 'merchant' }],
  variants: product.variants.map((variant) => toUcpVariant(product, variant)),
  ...(product.media.length > 0 && { media: product.media.map(toUcpMedia) }),
  ...(product.rating && { rating: { ...product.rating, scale_min: 1, scale_max: 5 } }),
  metadata: {
    brand: product.brand,
    condition: product.condition,
    version: product.version,
    updated_at: new Date(product.updatedAt).toISOString(),
    ...(product.specifications.length > 0 && { specifications: product.specifications }),
  },
});

function toUcpVariant(product: Product, variant: Variant): UcpProduct['variants'][number] {
  const { id, sku, gtins, price, listPrice, availability, options, media } = variant;
  const title = options.map(({ label }) => label).join(', ') || product.title;
  return {
    id,
    title,
    description: { plain: title },
    price,
    availability: { available: ORDERABLE.has(availability), status: availability },
    ...(sku && { sku }),
    ...(listPrice && { list_price: listPrice }),
    ...(gtins.length > 0 && { barcodes: gtins.map((value) => ({ type: 'GTIN', value })) }),
    ...(options.length > 0 && { options }),
    ...(media.length > 0 && { media: media.map(toUcpMedia) }),
  };
}

const toUcpMedia = ({ type, url, altText }: Product['media'][number]) => ({
  type,
  url,
  ...(altText && { alt_text: altText }),
});
