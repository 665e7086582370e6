/** Keys as operators write and read them. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { type Limits, limitsSchema, scopeSchema, tenantIdSchema } from '../contract/principal.ts';
import type { NewApiKey } from '../identity/create-api-key.ts';
import type { StoredKey } from '../identity/key-store.ts';
import { budgetsSchema, shownBudgets, toBudgets } from './budget-body.ts';

const policy = {
  name: z.string().min(1).max(128),
  userId: z.string().min(1).max(128),
  scopes: z.array(scopeSchema).min(1),
  models: z.array(z.string().min(1).max(128)).max(200),
  cache: z.boolean(),
  logContent: z.boolean(),
  expiresAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
};

export const newKeySchema = z.strictObject({
  name: policy.name,
  tenant: z.optional(tenantIdSchema),
  userId: policy.userId.optional(),
  scopes: policy.scopes.default(['inference', 'mcp']),
  models: policy.models.optional(),
  limits: z.optional(limitsSchema),
  budgets: budgetsSchema.optional(),
  cache: policy.cache.default(true),
  logContent: policy.logContent.optional(),
  expiresAt: policy.expiresAt.optional(),
});

const limit = z.int().positive().nullish();

export const keyChangeSchema = z.strictObject({
  name: policy.name.optional(),
  userId: policy.userId.optional(),
  scopes: policy.scopes.optional(),
  models: policy.models.nullish(),
  limits: z
    .strictObject({
      requestsPerMinute: limit,
      requestsPerHour: limit,
      requestsPerDay: limit,
      burstLimit: limit,
      tokensPerMinute: limit,
      maxConcurrency: limit,
    })
    .nullish(),
  budgets: budgetsSchema.nullish(),
  cache: policy.cache.optional(),
  logContent: policy.logContent.optional(),
  expiresAt: policy.expiresAt.nullish(),
});
type KeyChange = z.infer<typeof keyChangeSchema>;

interface Defaults {
  readonly tenantId: StoredKey['tenantId'];
  readonly environment: string;
}

/** Throws `invalid_parameter` for two budgets of one period. */
export const toNewKey = (
  { tenant, userId, budgets, ...policy }: z.infer<typeof newKeySchema>,
  { tenantId, environment }: Defaults,
): NewApiKey => ({
  ...policy,
  environment,
  tenantId: tenant ?? tenantId,
  userId: userId ?? policy.name,
  budgets: budgets && toBudgets(budgets),
});

/**
 * What is not named stays; null takes away what a key can be without. Limits change one by one, beginning with those in
 * force. Throws `invalid_parameter` for two budgets of one period.
 */
export const changedKey = (
  key: StoredKey,
  { limits, budgets, models, expiresAt, ...change }: KeyChange,
  defaultLimits: Limits,
): StoredKey => ({
  ...key,
  name: change.name ?? key.name,
  userId: change.userId ?? key.userId,
  scopes: change.scopes ?? key.scopes,
  cache: change.cache ?? key.cache,
  logContent: change.logContent ?? key.logContent,
  models: orBefore(models, key.models),
  expiresAt: orBefore(expiresAt, key.expiresAt),
  budgets: orBefore(budgets && toBudgets(budgets), key.budgets),
  limits: orBefore(limits && changedLimits(key.limits ?? defaultLimits, limits), key.limits),
});

const orBefore = <Value>(value: Value | null | undefined, before: Value): Value | undefined =>
  value === undefined ? before : (value ?? undefined);

const changedLimits = (before: Limits, change: NonNullable<KeyChange['limits']>): Limits =>
  Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => typeof value === 'number'),
  );

/** Throws `invalid_parameter` for a key that would be expired at once. `now` in epoch ms. */
export function requireFuture(expiresAt: number | null | undefined, now: number): void {
  if (typeof expiresAt !== 'number' || expiresAt > now) return;
  const message = '"expiresAt" must lie in the future.';
  throw new Fault('invalid_parameter', { param: 'expiresAt', message });
}

/** A key as operators see it: never its digest. */
export function shownKey(key: StoredKey) {
  const { keyId, tenantId, name, userId, scopes, models, limits, cache, previous } = key;
  return {
    id: keyId,
    tenant: tenantId,
    name,
    userId,
    scopes,
    models,
    limits,
    budgets: key.budgets && shownBudgets(key.budgets),
    cache,
    logContent: key.logContent ?? false,
    createdAt: timeOf(key.createdAt),
    expiresAt: timeOf(key.expiresAt),
    revokedAt: timeOf(key.revokedAt),
    /** When the key that the last rotation replaced ends. */
    overlapUntil: timeOf(previous?.until),
    policyVersion: key.policyVersion,
  };
}

const timeOf = (epochMs: number | undefined): string | undefined =>
  epochMs === undefined ? undefined : new Date(epochMs).toISOString();
