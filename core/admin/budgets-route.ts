/** `GET /admin/budgets`: what is spent and reserved of every budget that is set. */
import * as z from 'zod';
import { BUDGET_PLACES, periodBounds } from '../budgets/budget.ts';
import { formatUsd } from '../contract/money.ts';
import { type Budget, type TenantId, tenantIdSchema } from '../contract/principal.ts';
import type { CoreContext } from '../http/request-facts.ts';
import { keyPages } from '../identity/key-pages.ts';
import { EVERYONE, type StoredKey } from '../identity/key-store.ts';
import type { AdminDeps } from './admin-deps.ts';
import { queryOf } from './operator-input.ts';

interface Owner {
  readonly scope: Budget['scope'];
  readonly id: string;
  readonly tenantId: TenantId;
  readonly budgets?: StoredKey['budgets'];
}

const querySchema = z.strictObject({ tenant: z.optional(tenantIdSchema) });

export const listBudgets = (deps: AdminDeps) => async (c: CoreContext) => {
  const { tenant } = queryOf(c, querySchema);
  const standings: unknown[] = [];
  for await (const owners of ownersOf(deps, tenant)) {
    const page = await Promise.all(owners.map((owner) => standingsOf(owner, deps)));
    standings.push(...page.flat());
  }
  return c.json({ data: standings });
};

/** Tenants first, then the keys that are not revoked. */
async function* ownersOf(
  { tenants, keyStore }: AdminDeps,
  wanted: TenantId | undefined,
): AsyncGenerator<readonly Owner[]> {
  yield (await tenants.list()).flatMap(({ tenantId, budgets }) =>
    tenantId === EVERYONE || (wanted && tenantId !== wanted)
      ? []
      : [{ scope: 'tenant' as const, id: tenantId, tenantId, budgets }],
  );
  for await (const keys of keyPages(keyStore, wanted)) {
    yield keys
      .filter(({ revokedAt }) => revokedAt === undefined)
      .map(({ keyId, tenantId, budgets }) => ({ scope: 'key', id: keyId, tenantId, budgets }));
  }
}

async function standingsOf(
  { scope, id, tenantId, budgets = [] }: Owner,
  { usageCounters, budgetStore, now }: AdminDeps,
) {
  if (budgets.length === 0) return [];
  const receivedAt = now();
  // Of a tenant, the places that are a key's are not looked at.
  const readings = await budgetStore.read({ tenantId, keyId: id, receivedAt }).catch(() => []);
  return Promise.all(
    budgets.map(async ({ period, limitMicroUsd }) => {
      const { from, to, renewsAt } = periodBounds(period, receivedAt);
      const spender = { tenantId, ...(scope === 'key' && { keyId: id }) };
      const spent = await usageCounters.spent({ ...spender, from, to });
      const place = BUDGET_PLACES.findIndex(
        (each) => each.scope === scope && each.period === period,
      );
      const reserved = readings[place]?.reservedMicroUsd;
      return {
        scope,
        id,
        tenant: tenantId,
        period,
        limitUsd: formatUsd(limitMicroUsd),
        spentUsd: formatUsd(spent),
        // Null where the store of reservations does not know, or does not answer.
        reservedUsd: reserved === undefined ? null : formatUsd(reserved),
        renewsAt: renewsAt === undefined ? null : new Date(renewsAt).toISOString(),
      };
    }),
  );
}
