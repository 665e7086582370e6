/** Who is calling, as authentication establishes it: at the edge from a key, in the core from the hop. */
import * as z from 'zod/mini';

export const tenantIdSchema = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/))
  .brand<'TenantId'>();

export const keyIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9]{8,32}$/))
  .brand<'KeyId'>();
export type KeyId = z.infer<typeof keyIdSchema>;

const count = z.int().check(z.positive());

/** Request limits of a key or a tenant; an absent one does not limit. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: z.optional(count),
  requestsPerHour: z.optional(count),
  requestsPerDay: z.optional(count),
  /** Capacity of a bucket that is refilled at `requestsPerMinute / 60` a second. */
  burstLimit: z.optional(count),
});
export type Limits = z.infer<typeof limitsSchema>;

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
});
export type Principal = z.infer<typeof principalSchema>;

/** Whether the key may ask for this model or alias, by exactly this name. */
export const mayUse = ({ models }: Pick<Principal, 'models'>, name: string): boolean =>
  models?.includes(name) ?? true;

/** What the key stores hold for the digest of a key. Times in epoch ms. */
export const keyRecordSchema = z.extend(principalSchema, {
  limits: limitsSchema,
  /** Whether answers may be cached for this key. */
  cache: z.boolean(),
  expiresAt: z.optional(z.int()),
  /** The version of the configuration in force when the record was written; part of every cache key. */
  configVersion: z.string(),
});
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** Where the core mirrors a key's record for the edge to read. */
export const keyRecordName = (digest: string): string => `gateway:key:${digest}`;
