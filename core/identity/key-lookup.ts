/** What the edge asks when neither its memory nor the mirror knows a key. */
import type { KeyRecord, Limits } from '../contract/principal.ts';
import type { KeyMirror, KeyStore, StoredKey } from './key-store.ts';

export interface KeyLookupDeps {
  readonly store: KeyStore;
  readonly mirror: KeyMirror;
  readonly defaultLimits: Limits;
  readonly configVersion: string;
  /** The mirror failed: the edge asks here again, so nothing else follows. */
  readonly onMirrorFailure: (cause: unknown) => void;
}

export interface KeyLookup {
  /** The record of a key; mirrored too, but not waited for: a store that hangs must not hold a caller. */
  find(digest: string, waitUntil: (work: Promise<unknown>) => void): Promise<KeyRecord | undefined>;
  /** Publishes every key anew: after a change of configuration, or of the mirror's memory. */
  publishAll(): Promise<void>;
}

export function createKeyLookup(deps: KeyLookupDeps): KeyLookup {
  const { store, mirror, configVersion, onMirrorFailure } = deps;
  const publishEach = async () => {
    const publishing: Promise<void>[] = [];
    for await (const stored of store.list()) {
      const published = mirror.publish(stored.digest, toKeyRecord(stored, deps));
      // Awaited below, once all are on their way.
      published.catch(() => undefined);
      publishing.push(published);
    }
    await Promise.all(publishing);
  };
  return {
    async find(digest, waitUntil) {
      const stored = await store.findByDigest(digest);
      if (!stored) return undefined;
      const record = toKeyRecord(stored, deps);
      waitUntil(mirror.publish(digest, record).catch(onMirrorFailure));
      return record;
    },
    async publishAll() {
      try {
        if ((await mirror.configVersion()) === configVersion) return;
        await publishEach();
        await mirror.confirm(configVersion);
      } catch (cause) {
        onMirrorFailure(cause);
      }
    },
  };
}

function toKeyRecord(
  stored: StoredKey,
  { defaultLimits, configVersion }: Pick<KeyLookupDeps, 'defaultLimits' | 'configVersion'>,
): KeyRecord {
  const { name: _, digest: __, createdAt: ___, limits, ...identity } = stored;
  return { ...identity, limits: limits ?? defaultLimits, configVersion };
}
