/** Changes of what is stored, each told to the edge's mirror before it is answered. */
import { Fault } from '../contract/fault.ts';
import type { KeyedDigest } from '../contract/keyed-digest.ts';
import type { KeyId } from '../contract/principal.ts';
import { type MadeKey, newSecretFor, type RandomBytes } from './create-api-key.ts';
import type { KeyDirectory } from './key-directory.ts';
import { digestsOf } from './key-record.ts';
import type { KeyStore, StoredKey, StoredTenant, TenantStore } from './key-store.ts';

/** How often a change is computed again because another came first. */
const MAX_ROUNDS = 5;

export interface KeyChangeDeps {
  readonly keyStore: KeyStore;
  readonly keys: KeyDirectory;
  readonly digestKey: KeyedDigest;
  /** The word in every key that tells what it opens, such as `live`. */
  readonly keyEnvironment: string;
  readonly randomBytes: RandomBytes;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface Changed<What> {
  readonly changed: What;
  /** False when the edge may go on with what it knew until that ends by itself. */
  readonly isMirrored: boolean;
}

/** Throws `resource_not_found` for a key that is not there or is revoked. */
export async function changeKey(
  keyId: KeyId,
  change: (key: StoredKey) => StoredKey,
  { keyStore, keys }: Pick<KeyChangeDeps, 'keyStore' | 'keys'>,
): Promise<Changed<StoredKey>> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = await keyStore.findById(keyId);
    if (!before) throw noKey(keyId);
    if (before.revokedAt !== undefined) throw revoked(keyId);
    const changed = { ...change(before), policyVersion: before.policyVersion + 1 };
    if (await keyStore.replace(changed)) {
      return { changed, isMirrored: await keys.publishKey(changed, digestsOf(before)) };
    }
  }
  throw new Error(`The key ${keyId} is being changed by others all the time.`);
}

/** Ends the key for good. Doing so again tells the edge again. */
export async function revokeKey(keyId: KeyId, deps: KeyChangeDeps): Promise<Changed<StoredKey>> {
  const known = await deps.keyStore.findById(keyId);
  if (known?.revokedAt !== undefined) {
    return { changed: known, isMirrored: await deps.keys.publishKey(known, []) };
  }
  return changeKey(keyId, (key) => ({ ...key, revokedAt: deps.now() }), deps);
}

/** A new secret for the same key; the one before it is taken for another `overlapMs`. */
export async function rotateKey(
  { keyId, overlapMs }: { readonly keyId: KeyId; readonly overlapMs: number },
  deps: KeyChangeDeps,
): Promise<Changed<MadeKey>> {
  const key = newSecretFor({ environment: deps.keyEnvironment, keyId }, deps.randomBytes);
  const digest = await deps.digestKey(key);
  const until = deps.now() + overlapMs;
  const replaceSecret = ({ previous: _, ...before }: StoredKey): StoredKey => ({
    ...before,
    digest,
    ...(overlapMs > 0 && { previous: { digest: before.digest, until } }),
  });
  const { changed, isMirrored } = await changeKey(keyId, replaceSecret, deps);
  return { changed: { key, stored: changed }, isMirrored };
}

export interface TenantChangeDeps {
  readonly tenants: TenantStore;
  readonly keys: Pick<KeyDirectory, 'publishTenant'>;
}

/** A tenant needs no making: whatever key names it belongs to it. */
export async function changeTenant(
  tenantId: StoredTenant['tenantId'],
  change: (tenant: StoredTenant) => StoredTenant,
  { tenants, keys }: TenantChangeDeps,
): Promise<Changed<StoredTenant>> {
  const unknown = { tenantId, cacheVersion: 0, namespaceVersions: [], version: 0 };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = (await tenants.find(tenantId)) ?? unknown;
    const changed = { ...change(before), version: before.version + 1 };
    if (await tenants.replace(changed)) {
      return { changed, isMirrored: await keys.publishTenant(tenantId) };
    }
  }
  throw new Error(`The tenant ${tenantId} is being changed by others all the time.`);
}

export const noKey = (keyId: string): Fault =>
  new Fault('resource_not_found', { message: `There is no key "${keyId}".` });

const revoked = (keyId: string): Fault =>
  new Fault('resource_not_found', {
    message: `The key "${keyId}" is revoked and cannot be changed; make a new one.`,
  });
