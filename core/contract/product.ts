/**
 * A product, as the catalogue keeps it and the writer of products sends it. One model from which the
 * Universal Commerce Protocol's shape is made. https://ucp.dev/
 */
import * as z from 'zod/mini';

/** Prices sort as strings of this many digits. */
export const PRICE_DIGITS = 12;

/** Ids stand in URIs and table keys. */
const idSchema = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
const text = (maxLength: number) => z.string().check(z.minLength(1), z.maxLength(maxLength));

export const priceSchema = z.object({
  /** Whole minor units of the currency (ISO 4217): cents of a dollar, yen of a yen. */
  amount: z.int().check(z.minimum(0), z.maximum(10 ** PRICE_DIGITS - 1)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Price = z.infer<typeof priceSchema>;

export const availabilitySchema = z.enum([
  'in_stock',
  'backorder',
  'preorder',
  'out_of_stock',
  'discontinued',
]);
export type Availability = z.infer<typeof availabilitySchema>;

const mediaSchema = z.object({
  type: z.enum(['image', 'video', 'model_3d']),
  url: z.url(),
  altText: z.optional(text(200)),
});

const variantSchema = z.object({
  id: idSchema,
  sku: z.optional(text(100)),
  gtins: z.array(z.string().check(z.refine(isGtin, 'not a GTIN with a valid check digit'))),
  price: priceSchema,
  /** What it costs when it is not reduced. */
  listPrice: z.optional(priceSchema),
  availability: availabilitySchema,
  options: z.array(z.object({ name: text(50), label: text(100) })),
  media: z.array(mediaSchema),
});
export type Variant = z.infer<typeof variantSchema>;

const specificationSchema = z.object({
  key: z.string().check(z.regex(/^[a-z0-9_]{1,64}$/)),
  label: text(100),
  value: z.union([z.number(), z.boolean(), text(500)]),
  unit: z.optional(text(20)),
});
export type Specification = z.infer<typeof specificationSchema>;

export const productSchema = z.object({
  id: idSchema,
  title: text(150),
  description: text(5000),
  brand: text(70),
  /** A path from the general to the special: "Electronics > Headphones". */
  category: text(300),
  /** The first one is shown where there is room for one only. All are priced in one currency. */
  variants: z.array(variantSchema).check(
    z.minLength(1),
    z.refine(
      (variants) => new Set(variants.map(({ price }) => price.currency)).size <= 1,
      'variants are priced in more than one currency',
    ),
  ),
  media: z.array(mediaSchema),
  /** Stars from 1 to 5. */
  rating: z.optional(
    z.object({
      value: z.number().check(z.minimum(1), z.maximum(5)),
      count: z.int().check(z.positive()),
    }),
  ),
  condition: z.enum(['new', 'refurbished', 'used']),
  specifications: z.array(specificationSchema),
  /** Raised by every write. */
  version: z.int().check(z.positive()),
  /** Epoch ms. */
  updatedAt: z.int(),
});
export type Product = z.infer<typeof productSchema>;

/** The lowest and the highest price of a product's variants. */
export function priceRange({ variants }: Pick<Product, 'variants'>): {
  readonly min: Price;
  readonly max: Price;
} {
  const prices = variants.map(({ price }) => price).sort((a, b) => a.amount - b.amount);
  const [min, max] = [prices[0], prices.at(-1)];
  if (!min || !max) throw new Error('A product has at least one variant.');
  return { min, max };
}

/** How many decimals the currency's minor unit has (ISO 4217): 2 for USD, 0 for JPY. */
export const minorUnitDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/**
 * GTIN-8, -12, -13 or -14: the digits, weighted 1, 3, 1, … from the right, add up to a multiple of ten.
 * GS1 General Specifications, section 7.9.
 */
function isGtin(value: string): boolean {
  const sum = [...value]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return /^(\d{8}|\d{12,14})$/.test(value) && sum % 10 === 0;
}
