/** `/admin/tenants/{id}`: what all keys of a tenant may use together; `/admin/cache`: what is cached for them. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import {
  limitsSchema,
  namespaceSchema,
  type TenantId,
  tenantIdSchema,
} from '../contract/principal.ts';
import type { CoreContext } from '../http/request-facts.ts';
import { changeTenant } from '../identity/change-key.ts';
import { forgetCached } from '../identity/forget-cached.ts';
import { EVERYONE, type StoredTenant } from '../identity/key-store.ts';
import type { AdminDeps } from './admin-deps.ts';
import { budgetsSchema, shownBudgets, toBudgets } from './budget-body.ts';
import { bodyOf, queryOf, toldTo } from './operator-input.ts';

const tenantSchema = z.strictObject({
  limits: z.optional(limitsSchema),
  budgets: budgetsSchema.optional(),
});

/** The body is all that the tenant has afterwards. */
export const putTenant = (deps: AdminDeps) => async (c: CoreContext) => {
  const tenantId = tenantIdOf(c);
  const { limits, budgets } = await bodyOf(c, tenantSchema, deps);
  const policy = { limits, budgets: budgets && toBudgets(budgets) };
  const change = await changeTenant(tenantId, (tenant) => ({ ...tenant, ...policy }), deps);
  return c.json(shownTenant(tenantId, toldTo(c, change)));
};

/** Of a tenant that nothing was set for, nothing is stored. */
export const showTenant =
  ({ tenants }: AdminDeps) =>
  async (c: CoreContext) => {
    const tenantId = tenantIdOf(c);
    return c.json(shownTenant(tenantId, await tenants.find(tenantId)));
  };

const purgeSchema = z.strictObject({
  tenant: z.optional(tenantIdSchema),
  namespace: z.optional(namespaceSchema),
});

/** Forgets the cached answers of one tenant or of all, in one namespace or in all. */
export const purgeCache = (deps: AdminDeps) => async (c: CoreContext) => {
  const { tenant, namespace } = queryOf(c, purgeSchema);
  const forget = (owner: StoredTenant) => forgetCached(owner, namespace);
  toldTo(c, await changeTenant(tenant ?? EVERYONE, forget, deps));
  return c.json({ tenant: tenant ?? null, namespace: namespace ?? null });
};

const shownTenant = (id: TenantId, tenant: Partial<StoredTenant> = {}) => ({
  id,
  limits: tenant.limits ?? {},
  budgets: shownBudgets(tenant.budgets ?? []),
});

function tenantIdOf(c: CoreContext): TenantId {
  const parsed = tenantIdSchema.safeParse(c.req.param('id'));
  if (parsed.success) return parsed.data;
  const message = 'A tenant is named in small letters, digits and "-", at most 64.';
  throw new Fault('invalid_parameter', { param: 'id', message });
}
