import * as z from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { availabilitySchema } from '../../contract/product.ts';
import {
  type ProductList,
  productListSchema,
  productLists,
  toProductLines,
} from '../product-list.ts';
import type { Tool } from '../tool.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;

const minorUnits = z.int().min(0);

const inputSchema = z
  .strictObject({
    query: z
      .string()
      .max(200)
      .optional()
      .describe('What to look for, in words; or a product id, SKU or GTIN.'),
    category: z
      .string()
      .max(200)
      .optional()
      .describe('A category or its path: "Headphones", "Electronics > Headphones".'),
    min_price: minorUnits.optional().describe('Lowest price in minor units: 5000 is 50.00.'),
    max_price: minorUnits.optional().describe('Highest price in minor units: 20000 is 200.00.'),
    availability: z
      .enum(availabilitySchema.options)
      .optional()
      .describe('Only products with a variant in this state.'),
    limit: z
      .int()
      .min(1)
      .optional()
      .describe(`At most so many products: ${DEFAULT_LIMIT} unless given, ${MAX_LIMIT} at most.`),
  })
  .refine(({ limit: _, ...conditions }) => Object.values(conditions).some((it) => it !== ''), {
    message: 'Give a query or at least one filter.',
  })
  .refine(({ min_price = 0, max_price = Number.POSITIVE_INFINITY }) => min_price <= max_price, {
    path: ['max_price'],
    message: 'max_price is below min_price.',
  });
type Input = z.infer<typeof inputSchema>;

export const createProductSearch = (catalog: Catalog): Tool<Input, ProductList> => ({
  name: 'product_search',
  title: 'Search products',
  description:
    "Finds products of this shop by words, category, price and availability. Prices and availability are current. Use it before saying anything about the shop's products.",
  inputSchema,
  outputSchema: productListSchema,
  toText: toProductLines,
  async run({ query = '', category, min_price, max_price, availability, limit = DEFAULT_LIMIT }) {
    const products = await catalog.search({
      text: query,
      filter: {
        // Models fill what they do not need with empty strings.
        ...(category && { categories: [category] }),
        ...(availability !== undefined && { availability: [availability] }),
        price: {
          ...(min_price !== undefined && { min: min_price }),
          ...(max_price !== undefined && { max: max_price }),
        },
      },
      limit: Math.min(limit, MAX_LIMIT),
    });
    return productLists(products);
  },
});
