/** `GET /admin/usage`: what was used and spent, by tenant, key, model, provider or day. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { formatUsd } from '../contract/money.ts';
import { tenantIdSchema } from '../contract/principal.ts';
import type { CoreContext } from '../http/request-facts.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf } from './operator-input.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Totals are kept by day, and each one is read. */
const MAX_DAYS = 366;

const querySchema = z.strictObject({
  groupBy: z.enum(['tenant', 'key', 'model', 'provider', 'day']).default('day'),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  tenant: z.optional(tenantIdSchema),
});

export const showUsage =
  ({ usageCounters, now }: AdminDeps) =>
  async (c: CoreContext) => {
    const { groupBy, tenant, ...period } = queryOf(c, querySchema);
    const { to = dayOf(now()) } = period;
    const { from = dayOf(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS) } = period;
    requireDays(from, to);
    const query = { groupBy, from, to, ...(tenant && { tenantId: tenant }) };
    const groups = await usageCounters.groupBy(query);
    const data = groups.map(({ costMicroUsd, savedMicroUsd, ...counts }) => ({
      ...counts,
      costUsd: formatUsd(costMicroUsd),
      savedUsd: formatUsd(savedMicroUsd),
    }));
    return c.json({ data, groupBy, from, to });
  };

function requireDays(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days >= 1 && days <= MAX_DAYS) return;
  const message = `"from" must be a day not after "to", and at most ${MAX_DAYS} days before it.`;
  throw new Fault('invalid_parameter', { param: 'from', message });
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
