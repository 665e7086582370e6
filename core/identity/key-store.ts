/** API keys and tenants as the core keeps them: the truth, of which the edge reads a mirror. */
import * as z from 'zod';
import {
  budgetSchema,
  type KeyId,
  type KeyRecord,
  keyRecordSchema,
  limitsSchema,
  namespaceVersionSchema,
  type TenantId,
  tenantIdSchema,
} from '../contract/principal.ts';

const { tenantId, keyId, userId, scopes, models, policyVersion, logContent, cache, expiresAt } =
  keyRecordSchema.shape;

/** What a key or a tenant may spend; whose budget it is follows from where it is stored. */
const { period, limitMicroUsd } = budgetSchema.shape;
const ownBudgetSchema = z.object({ period, limitMicroUsd });

export const storedKeySchema = z.object({
  keyId,
  tenantId,
  userId,
  name: z.string(),
  /** HMAC-SHA-256 of the whole key; the key itself is shown once and never kept. */
  digest: z.string(),
  /** Of the key that a rotation replaced; refused from `until` (epoch ms). */
  previous: z.object({ digest: z.string(), until: z.int() }).optional(),
  scopes,
  models,
  /** Absent means the configuration's default. */
  limits: z.optional(limitsSchema),
  budgets: z.array(ownBudgetSchema).optional(),
  cache,
  logContent,
  expiresAt,
  /** Epoch ms. A revoked key is kept, so that old requests can still be explained. */
  revokedAt: z.int().optional(),
  /** Epoch ms. */
  createdAt: z.int(),
  /** Raised by one with each change. */
  policyVersion,
});
export type StoredKey = z.infer<typeof storedKeySchema>;

/** Names all tenants together; no tenant can have this id. */
export const EVERYONE = '*';

export const storedTenantSchema = z.object({
  tenantId: z.union([tenantIdSchema, z.literal(EVERYONE)]),
  limits: z.optional(limitsSchema),
  budgets: z.array(ownBudgetSchema).optional(),
  cacheVersion: z.int(),
  namespaceVersions: z.array(namespaceVersionSchema),
  /** Raised by one with each change. */
  version: z.int(),
});
export type StoredTenant = z.infer<typeof storedTenantSchema>;

export interface KeyPage {
  readonly tenantId?: TenantId;
  /** Only keys behind this one; from an earlier page. */
  readonly after?: Pick<StoredKey, 'tenantId' | 'keyId'>;
  readonly limit: number;
}

export interface KeyStore {
  /** By the digest of a key or of the one that it replaced. */
  findByDigest(digest: string): Promise<StoredKey | undefined>;
  findById(keyId: KeyId): Promise<StoredKey | undefined>;
  /** Refuses to replace a key that exists, by throwing. */
  create(key: StoredKey): Promise<void>;
  /** Stores the next version of a key; false when the stored one is not the version before it. */
  replace(key: StoredKey): Promise<boolean>;
  /** In the order of tenants, then of ids. */
  list(page: KeyPage): Promise<readonly StoredKey[]>;
}

export interface TenantStore {
  find(tenantId: StoredTenant['tenantId']): Promise<StoredTenant | undefined>;
  /** Stores the next version of a tenant, 1 being the first; false when the stored one is not the version before it. */
  replace(tenant: StoredTenant): Promise<boolean>;
  /** Those that something was set for, in the order of their ids; without everyone. */
  list(): Promise<readonly StoredTenant[]>;
}

/** The copy that the edge reads. */
export interface KeyMirror {
  /**
   * What the edge is to find for a digest: a record, or that the key is refused. A copy of a higher revision stays.
   */
  publish(digest: string, copy: MirroredKey): Promise<void>;
  /** The configuration with which every key was published last. */
  configVersion(): Promise<string | undefined>;
  confirm(configVersion: string): Promise<void>;
}

export interface MirroredKey {
  readonly record: KeyRecord | 'refused';
  /** Raised by whatever changes the record. */
  readonly revision: number;
}
