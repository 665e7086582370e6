/** Answers the edge's question for a key, and keeps the mirror that the edge asks first. */
import type { KeyRecord, TenantId } from '../contract/principal.ts';
import { keyPages } from './key-pages.ts';
import { digestsOf, mirroredKey, type Surroundings } from './key-record.ts';
import {
  EVERYONE,
  type KeyMirror,
  type KeyStore,
  type StoredKey,
  type TenantStore,
} from './key-store.ts';

export interface KeyDirectoryDeps extends Pick<Surroundings, 'defaultLimits' | 'configVersion'> {
  readonly store: KeyStore;
  readonly tenants: Pick<TenantStore, 'find'>;
  readonly mirror: KeyMirror;
  /** The mirror failed: what it has ends by itself, and the edge asks here. */
  readonly onMirrorFailure: (cause: unknown) => void;
}

export interface KeyDirectory {
  /** The record of a key; mirrored too, but not waited for: a store that hangs must not hold a caller. */
  find(digest: string, waitUntil: (work: Promise<unknown>) => void): Promise<KeyRecord | undefined>;
  /** After a change of a key: `digests` are those that it had before. False when the mirror failed. */
  publishKey(key: StoredKey, digests: readonly string[]): Promise<boolean>;
  /** After a change of what all keys of a tenant share, or all keys there are. False when the mirror failed. */
  publishTenant(tenantId: TenantId | typeof EVERYONE): Promise<boolean>;
  /** Publishes every key anew: after a change of configuration, or of the mirror's memory. */
  publishAll(): Promise<void>;
}

export function createKeyDirectory(deps: KeyDirectoryDeps): KeyDirectory {
  const { store, mirror, configVersion, onMirrorFailure } = deps;

  const publish = async (key: StoredKey, digests: readonly string[], find = deps.tenants.find) => {
    const around = await surroundingsOf(key, { ...deps, tenants: { find } });
    await Promise.all(
      digests.map((digest) => mirror.publish(digest, mirroredKey(key, digest, around))),
    );
  };
  /** Reads each key itself: a list may lag behind a revocation. */
  const publishEach = async (tenantId?: TenantId) => {
    const find = onceEach(deps.tenants.find);
    const failures: unknown[] = [];
    for await (const listed of keyPages(store, tenantId)) {
      const publishing = listed.map(async ({ keyId }) => {
        const key = await store.findById(keyId);
        if (key) await publish(key, digestsOf(key), find);
      });
      for (const result of await Promise.allSettled(publishing)) {
        if (result.status === 'rejected') failures.push(result.reason);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  const succeeds = (work: Promise<void>): Promise<boolean> =>
    work.then(
      () => true,
      (cause: unknown) => {
        onMirrorFailure(cause);
        return false;
      },
    );

  return {
    async find(digest, waitUntil) {
      const stored = await store.findByDigest(digest);
      if (!stored) return undefined;
      const copy = mirroredKey(stored, digest, await surroundingsOf(stored, deps));
      waitUntil(succeeds(mirror.publish(digest, copy)));
      return copy.record === 'refused' ? undefined : copy.record;
    },
    publishKey: (key, digests) =>
      succeeds(publish(key, [...new Set([...digestsOf(key), ...digests])])),
    publishTenant: (tenantId) =>
      succeeds(publishEach(tenantId === EVERYONE ? undefined : tenantId)),
    async publishAll() {
      const publishing = async () => {
        if ((await mirror.configVersion()) === configVersion) return;
        await publishEach();
        await mirror.confirm(configVersion);
      };
      await succeeds(publishing());
    },
  };
}

async function surroundingsOf(
  { tenantId }: StoredKey,
  {
    tenants,
    defaultLimits,
    configVersion,
  }: Pick<KeyDirectoryDeps, 'defaultLimits' | 'configVersion'> & {
    readonly tenants: Pick<TenantStore, 'find'>;
  },
): Promise<Surroundings> {
  const [tenant, everyone] = await Promise.all([tenants.find(tenantId), tenants.find(EVERYONE)]);
  return { defaultLimits, configVersion, tenant, everyone };
}

function onceEach(find: TenantStore['find']): TenantStore['find'] {
  const found = new Map<string, ReturnType<typeof find>>();
  return (tenantId) => {
    const asked = found.get(tenantId) ?? find(tenantId);
    found.set(tenantId, asked);
    return asked;
  };
}
