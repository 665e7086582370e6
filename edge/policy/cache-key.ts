/** Names a cached answer. Two requests share one exactly when the tuple below is equal. */
import * as z from 'zod/mini';
import { canonicalJson } from '../../core/contract/canonical-json.ts';
import type { JsonObject } from '../../core/contract/json-body.ts';
import type { KeyedDigest } from '../../core/contract/keyed-digest.ts';
import type { KeyRecord } from '../../core/contract/principal.ts';

const cacheKeySchema = z.string().brand<'CacheKey'>();
/** Only `cacheKey` makes one, so that no answer is kept under a name without a tenant. */
export type CacheKey = z.infer<typeof cacheKeySchema>;

export interface CacheSubject {
  readonly owner: Pick<
    KeyRecord,
    'tenantId' | 'policyVersion' | 'configVersion' | 'cacheVersion' | 'namespaceVersions'
  >;
  readonly endpoint: string;
  readonly model: string;
  readonly namespace: string | undefined;
  readonly body: JsonObject;
}

export async function cacheKey(digest: KeyedDigest, subject: CacheSubject): Promise<CacheKey> {
  const { owner, endpoint, model, namespace, body } = subject;
  const { stream: _, stream_options: __, user: ___, metadata: ____, ...asked } = body;
  const { tenantId, policyVersion, configVersion, cacheVersion } = owner;
  const versions = [policyVersion, configVersion, cacheVersion, namespaceVersion(owner, namespace)];
  const tuple = [tenantId, ...versions, endpoint, model, namespace ?? null, asked];
  return cacheKeySchema.parse(await digest(canonicalJson(tuple)));
}

const namespaceVersion = (
  { namespaceVersions }: CacheSubject['owner'],
  namespace: CacheSubject['namespace'],
): number =>
  namespaceVersions
    .filter((entry) => entry.namespace === namespace)
    .reduce((sum, { version }) => sum + version, 0);
