/** Remembers keys in the isolate, so that most requests wait for no store. Revoking works within `KNOWN_MS`. */
import type { KeyRecord } from '../../core/contract/principal.ts';
import { setBounded } from '../policy/bounded-map.ts';
import type { KeyStore } from '../ports.ts';

const KNOWN_MS = 30_000;
/** A key that was just made must work soon; a wrong one must not cost a look-up each time. */
const UNKNOWN_MS = 5_000;
const MAX_KEYS = 10_000;

export interface MemoryKeyStoreDeps {
  /** Asked first; whether it fails or does not know, `truth` decides. */
  readonly mirror: KeyStore;
  readonly truth: KeyStore;
  readonly now: () => number;
}

export function createMemoryKeyStore({ mirror, truth, now }: MemoryKeyStoreDeps): KeyStore {
  const remembered = new Map<string, { key: KeyRecord | undefined; until: number }>();
  return {
    async find(digest) {
      const known = remembered.get(digest);
      if (known && now() < known.until) return known.key;
      const mirrored = await mirror.find(digest).catch(() => undefined);
      const key = mirrored ?? (await truth.find(digest));
      const until = now() + (key ? KNOWN_MS : UNKNOWN_MS);
      setBounded(remembered, [digest, { key, until }], MAX_KEYS);
      return key;
    },
  };
}
