/** Money is counted in whole micro-dollars and shown in dollars. */
import * as z from 'zod/mini';

export const microUsdSchema = z.int().check(z.nonnegative()).brand<'MicroUsd'>();
export type MicroUsd = z.infer<typeof microUsdSchema>;

/** Whole micro-dollars; throws on fractions and negative amounts. */
export const microUsd = (amount: number): MicroUsd => microUsdSchema.parse(amount);

/**
 * `exact`: the provider's own count at a known price. `estimated`: tokens that the gateway counted, or a
 * count that contradicts itself. `unpriced`: no source has the model's price.
 */
export const costStatusSchema = z.enum(['exact', 'estimated', 'unpriced']);

export interface Cost {
  /** What is charged and reserved; for an `unpriced` model what its dearest sibling would cost. */
  readonly microUsd: MicroUsd;
  readonly status: z.infer<typeof costStatusSchema>;
}

/** Of a model that has neither a price nor a sibling. */
export const UNPRICED: Cost = { microUsd: microUsd(0), status: 'unpriced' };

/** "0.0015" for 1,500: exact, without an exponent. */
export function formatUsd(amount: MicroUsd): string {
  const digits = String(amount).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return fraction ? `${digits.slice(0, -6)}.${fraction}` : digits.slice(0, -6);
}
