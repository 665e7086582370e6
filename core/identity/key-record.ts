/** From what is stored of a key and its tenant to what the edge has to know. */
import type { Budget, KeyRecord, Limits } from '../contract/principal.ts';
import type { MirroredKey, StoredKey, StoredTenant } from './key-store.ts';

export interface Surroundings {
  readonly defaultLimits: Limits;
  readonly configVersion: string;
  readonly tenant: StoredTenant | undefined;
  readonly everyone: StoredTenant | undefined;
}

/** The digests by which the edge may ask for the key. */
export const digestsOf = ({ digest, previous }: StoredKey): readonly string[] =>
  previous ? [digest, previous.digest] : [digest];

/** What the edge is to find for `digest`: refused where the key is revoked or no longer has it. */
export function mirroredKey(key: StoredKey, digest: string, around: Surroundings): MirroredKey {
  const { tenant, everyone } = around;
  const isHeld = key.revokedAt === undefined && digestsOf(key).includes(digest);
  return {
    record: isHeld ? recordOf(key, digest, around) : 'refused',
    revision: key.policyVersion + (tenant?.version ?? 0) + (everyone?.version ?? 0),
  };
}

function recordOf(key: StoredKey, digest: string, around: Surroundings): KeyRecord {
  const { tenantId, keyId, userId, scopes, models, cache, logContent, policyVersion } = key;
  const { defaultLimits, configVersion, tenant, everyone } = around;
  const expiresAt = endOf(key, digest);
  return {
    tenantId,
    keyId,
    userId,
    scopes,
    policyVersion,
    limits: key.limits ?? defaultLimits,
    tenantLimits: tenant?.limits ?? {},
    budgets: [...budgetsOf('key', key), ...budgetsOf('tenant', tenant)],
    cache,
    configVersion,
    cacheVersion: (tenant?.cacheVersion ?? 0) + (everyone?.cacheVersion ?? 0),
    namespaceVersions: [tenant, everyone].flatMap((level) => level?.namespaceVersions ?? []),
    ...(models && { models }),
    ...(logContent !== undefined && { logContent }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

const budgetsOf = (
  scope: Budget['scope'],
  owner: Pick<StoredKey, 'budgets'> | undefined,
): readonly Budget[] => owner?.budgets?.map((budget) => ({ scope, ...budget })) ?? [];

/** A key that was replaced by a rotation ends with its overlap, if it does not expire sooner. */
function endOf({ expiresAt, previous }: StoredKey, digest: string): number | undefined {
  if (digest !== previous?.digest) return expiresAt;
  return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, previous.until);
}
