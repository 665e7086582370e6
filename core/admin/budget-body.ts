/** Budgets as operators write and read them: dollars as decimal strings, as exact as the micro-dollars behind them. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { formatUsd, microUsd } from '../contract/money.ts';
import type { Budget } from '../contract/principal.ts';

type OwnBudget = Omit<Budget, 'scope'>;

/** "12.50" → 12,500,000. */
const usdSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return microUsd(Number(whole + fraction.padEnd(6, '0')));
  });

export const budgetsSchema = z.array(
  z.strictObject({ period: z.enum(['day', 'month', 'total']), limitUsd: usdSchema }),
);

/** Throws `invalid_parameter` where a period has two of them. */
export function toBudgets(body: z.infer<typeof budgetsSchema>): OwnBudget[] {
  if (new Set(body.map(({ period }) => period)).size < body.length) {
    const message = '"budgets" may have one budget for each period: day, month, total.';
    throw new Fault('invalid_parameter', { param: 'budgets', message });
  }
  return body.map(({ period, limitUsd }) => ({ period, limitMicroUsd: limitUsd }));
}

export const shownBudgets = (budgets: readonly OwnBudget[]) =>
  budgets.map(({ period, limitMicroUsd }) => ({ period, limitUsd: formatUsd(limitMicroUsd) }));
