import type {
  Availability,
  Product,
  Specification,
  Variant,
} from '../../../core/contract/product.ts';
import { CATEGORIES } from './categories.ts';
import type { CategorySeed, KindSeed, SpecificationSeed } from './category-seed.ts';
import { createRandom, type Random } from './random.ts';

const TIERS = [0, 1, 2] as const;
type Tier = (typeof TIERS)[number];

const UPDATED_AT = Date.UTC(2026, 0, 15);

/** Of ten variants, about eight are in stock. */
const AVAILABILITIES: readonly Availability[] = [
  ...Array.from({ length: 16 }, () => 'in_stock' as const),
  'backorder',
  'preorder',
  'out_of_stock',
  'out_of_stock',
];

const PRICE_STEPS = [
  { below: 50, step: 1 },
  { below: 250, step: 5 },
  { below: 1000, step: 10 },
] as const;

interface Model {
  readonly category: CategorySeed;
  readonly kind: KindSeed;
  readonly brand: string;
  /** "Nocturne 400" */
  readonly name: string;
  readonly tier: Tier;
}

/** The products of the local shop: the same ones, in the same order, at every call. */
export const generateProducts = (): readonly Product[] =>
  CATEGORIES.flatMap(modelsOf).map(toProduct);

/** Every brand makes every kind, as a line of three models. */
function modelsOf(category: CategorySeed): readonly Model[] {
  const lines = category.lines.split(' ').values();
  return Object.entries(category.brands).flatMap(([brand, models]) =>
    category.kinds.flatMap((kind) => {
      const line = lines.next().value;
      if (!line) throw new Error(`${category.path} needs a line for each brand and kind.`);
      return TIERS.map((tier) => ({
        category,
        kind,
        brand,
        name: `${line} ${models[tier]}`,
        tier,
      }));
    }),
  );
}

function toProduct(model: Model, index: number): Product {
  const { category, kind, brand, name, tier } = model;
  const id = slug(`${brand} ${name}`);
  const random = createRandom(id);
  const seeds = [...kind.specifications, ...category.specifications];
  const specifications = seeds.map((seed) => toSpecification(seed, tier, random));
  const title = `${brand} ${name} ${kind.noun}`;
  return {
    id,
    title,
    description: describe(model, specifications, random),
    brand,
    category: category.path,
    variants: variantsOf(model, { id, index }, random),
    media: [{ type: 'image', url: `https://images.shop.example/${id}.jpg`, altText: title }],
    rating: { value: random.between(34, 49) / 10, count: random.between(3, 2400) },
    condition: 'new',
    specifications,
    version: 1,
    updatedAt: UPDATED_AT,
  };
}

function toSpecification(seed: SpecificationSeed, tier: Tier, random: Random): Specification {
  const { key, label, unit } = seed;
  return { key, label, value: specificationValue(seed, tier, random), ...(unit && { unit }) };
}

function specificationValue(
  seed: SpecificationSeed,
  tier: Tier,
  random: Random,
): Specification['value'] {
  if ('values' in seed) return seed.values[tier];
  const { from, to, step } = seed;
  // A third of the range for each tier, so that the models of a line never change places.
  const steps = ((to - from) / step) * ((tier + random.next()) / TIERS.length);
  return Number((from + Math.round(steps) * step).toFixed(2));
}

function describe(
  { category, kind, tier }: Model,
  specifications: readonly Specification[],
  random: Random,
): string {
  const sentences = [random.pick(kind.openings), random.pick(category.middles[tier])];
  if (random.next() < 0.6) sentences.push(random.pick(category.closings));
  const values = new Map(specifications.map(({ key, value }) => [key, String(value)]));
  return sentences
    .join(' ')
    .replaceAll(/\{(\w+)\}/g, (slot, key: string) => values.get(key) ?? slot);
}

function variantsOf(
  { category, kind, brand, tier }: Model,
  { id, index }: { readonly id: string; readonly index: number },
  random: Random,
): Variant[] {
  const [entry, top] = kind.price;
  const dollars = entry * (top / entry) ** (tier / 2) * (0.9 + random.next() / 5);
  const reduction = random.next() < 0.2 ? 1.1 + random.next() / 5 : undefined;
  const labels = category.option?.labels ?? [undefined];
  return labels.map((label, position) => {
    const price = dollars + position * (category.option?.stepUsd ?? 0);
    return {
      id: `${id}-${slug(label ?? 'default')}`,
      sku: `${brand.slice(0, 3)}-${String(index).padStart(4, '0')}-${position + 1}`.toUpperCase(),
      gtins: [gtinOf(index * 10 + position)],
      price: toPrice(price),
      ...(reduction && { listPrice: toPrice(price * reduction) }),
      availability: random.pick(AVAILABILITIES),
      options: category.option && label ? [{ name: category.option.name, label }] : [],
      media: [],
    };
  });
}

/** As shops price: 38.99, 184.99, 689.99, 1249.99. */
function toPrice(dollars: number) {
  const { step } = PRICE_STEPS.find(({ below }) => dollars < below) ?? { step: 50 };
  return { amount: Math.round(dollars / step) * step * 100 - 1, currency: 'USD' };
}

/** A GTIN-13 of a prefix that GS1 leaves for use inside a company (20 to 29), with its check digit. */
function gtinOf(serial: number): string {
  const digits = `20${String(serial).padStart(10, '0')}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
