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
  /** The record of a key, mirrored on the way out. */
  find(digest: string): Promise<KeyRecord | undefined>;
  /** Publishes every key anew: after a change of configuration, or of the mirror's memory. */
  publishAll(): Promise<void>;
}

export function createKeyLookup(deps: KeyLookupDeps): KeyLookup {
  const { store, mirror, onMirrorFailure } = deps;
  const publish = async (stored: StoredKey): Promise<KeyRecord> => {
    const record = toKeyRecord(stored, deps);
    await mirror.publish(stored.digest, record).catch(onMirrorFailure);
    return record;
  };
  return {
    async find(digest) {
      const stored = await store.findByDigest(digest);
      return stored && publish(stored);
    },
    async publishAll() {
      for await (const stored of store.list()) await publish(stored);
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
