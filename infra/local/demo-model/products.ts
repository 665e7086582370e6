/** Reads products out of tool results, in whatever shape a shop's tool gives them. */
import * as z from 'zod';
import { minorUnitDigits } from '../../../core/contract/product.ts';

interface ToolFindings {
  /** "Name: price, stock", with nothing that the result does not say. */
  readonly products: readonly string[];
  /** What is not product data, as the tools said it. */
  readonly lines: readonly string[];
}

const price = z.object({ amount: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });
const availability = z.union([
  z.string(),
  z.object({ status: z.string() }).transform(({ status }) => status),
  z
    .object({ available: z.boolean() })
    .transform(({ available }) => (available ? 'available' : 'not available')),
]);
const offer = {
  price: price.optional().catch(undefined),
  availability: availability.optional().catch(undefined),
};
/** The gateway's flat shape and UCP's, where variants carry the stock. The first variant is the featured one. */
const product = z.object({
  title: z.string(),
  ...offer,
  price_range: z.object({ min: price, max: price.optional() }).optional().catch(undefined),
  variants: z.array(z.object(offer)).optional().catch(undefined),
});
type Product = z.infer<typeof product>;

const result = z.union([
  z.object({ products: z.array(z.unknown()) }).transform(({ products }) => products),
  z.object({ product: z.unknown() }).transform((found) => [found.product]),
]);

export function readToolResults(texts: readonly string[]): ToolFindings {
  const findings = texts.map(readToolResult);
  return {
    products: findings.flatMap(({ products }) => products),
    lines: findings.flatMap(({ lines }) => lines),
  };
}

function readToolResult(text: string): ToolFindings {
  const listed = result.safeParse(parseJson(text));
  if (!listed.success) return { products: [], lines: text.split(/\r?\n/).filter(isNotBlank) };
  const products = listed.data.flatMap((value) => product.safeParse(value).data ?? []);
  return { products: products.map(describe), lines: [] };
}

function describe(found: Product): string {
  const stock = found.availability ?? found.variants?.[0]?.availability;
  const facts = [describePrice(found), ...(stock ? [stock.replaceAll('_', ' ')] : [])];
  return `${found.title}: ${facts.join(', ')}`;
}

function describePrice({ price, price_range: range, variants }: Product): string {
  if (!range) return formatPrice(price ?? variants?.[0]?.price);
  const isRange = range.max !== undefined && range.max.amount > range.min.amount;
  return `${isRange ? 'from ' : ''}${formatPrice(range.min)}`;
}

function formatPrice(found: z.infer<typeof price> | undefined): string {
  if (!found) return 'price not given';
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: found.currency });
  return format.format(found.amount / 10 ** minorUnitDigits(found.currency));
}

const isNotBlank = (line: string): boolean => line.trim() !== '';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
