/** Who is calling, as authentication establishes it: at the edge from a key, in the core from the hop. */
import * as z from 'zod/mini';
import { microUsdSchema } from './money.ts';

export const tenantIdSchema = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/))
  .brand<'TenantId'>();
export type TenantId = z.infer<typeof tenantIdSchema>;

export const keyIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{8,32}$/))
  .brand<'KeyId'>();
export type KeyId = z.infer<typeof keyIdSchema>;

const count = z.int().check(z.positive());

/** Limits of a key or a tenant; an absent one does not limit. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: z.optional(count),
  requestsPerHour: z.optional(count),
  requestsPerDay: z.optional(count),
  /** Capacity of a bucket that is refilled at `requestsPerMinute / 60` a second. */
  burstLimit: z.optional(count),
  /** Input and output together, reserved at the worst and corrected by the usage. */
  tokensPerMinute: z.optional(count),
  /** Requests under way at the same time, on all instances together. */
  maxConcurrency: z.optional(count),
});
export type Limits = z.infer<typeof limitsSchema>;

/** What may be spent in one period (UTC), by one key or by all keys of its tenant. */
export const budgetSchema = z.object({
  scope: z.enum(['key', 'tenant']),
  period: z.enum(['day', 'month', 'total']),
  limitMicroUsd: microUsdSchema,
});
export type Budget = z.infer<typeof budgetSchema>;

/** `inference` calls models, `mcp` calls the MCP server, `admin` operates the gateway. */
export const scopeSchema = z.enum(['inference', 'mcp', 'admin']);
export type Scope = z.infer<typeof scopeSchema>;

export const principalSchema = z.object({
  tenantId: tenantIdSchema,
  keyId: keyIdSchema,
  userId: z.string().check(z.minLength(1), z.maxLength(128)),
  scopes: z.readonly(z.array(scopeSchema)),
  /** Models and aliases the key may use; absent means all. */
  models: z.optional(z.readonly(z.array(z.string()))),
  /** Raised by every change of the key's policy, so that cached answers of the old one are not found. */
  policyVersion: z.int(),
  limits: limitsSchema,
  /** Of all keys of the tenant together. */
  tenantLimits: z._default(limitsSchema, {}),
  budgets: z._default(z.readonly(z.array(budgetSchema)), []),
  /** Whether prompts and answers are kept with the log row; absent means no. */
  logContent: z.optional(z.boolean()),
});
export type Principal = z.infer<typeof principalSchema>;

/** Whether the key may ask for this model or alias, by exactly this name. */
export const mayUse = ({ models }: Pick<Principal, 'models'>, name: string): boolean =>
  models?.includes(name) ?? true;

/** By which requests keep their cached answers apart (`x-gateway-cache-namespace`). */
export const namespaceSchema = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/));
export const namespaceVersionSchema = z.object({ namespace: namespaceSchema, version: z.int() });

/** What the key stores hold for the digest of a key. Times in epoch ms. */
export const keyRecordSchema = z.extend(principalSchema, {
  /** Whether answers may be cached for this key. */
  cache: z.boolean(),
  expiresAt: z.optional(z.int()),
  /** The version of the configuration in force when the record was written; part of every cache key. */
  configVersion: z.string(),
  /** Raised to forget every answer that the tenant has in the cache; part of every cache key. */
  cacheVersion: z._default(z.int(), 0),
  /** Raised to forget those of one namespace; where it is named twice, its version is the sum. */
  namespaceVersions: z._default(z.readonly(z.array(namespaceVersionSchema)), []),
});
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** Where the core mirrors a key's record for the edge to read. */
export const keyRecordName = (digest: string): string => `gateway:key:${digest}`;
