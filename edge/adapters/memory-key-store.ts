/** Remembers keys in the isolate, so that most requests wait for no store. Revoking works within `KNOWN_MS`. */
import type { KeyRecord } from '../../core/contract/principal.ts';
import { setBounded } from '../policy/bounded-map.ts';
import type { KeyStore } from '../ports.ts';

const KNOWN_MS = 30_000;
/** A key that was just made must work soon; a wrong one must not cost a look-up each time. */
const UNKNOWN_MS = 5_000;
const MAX_KNOWN = 10_000;
/** Apart from the known ones, so that whoever guesses keys makes nobody's key forgotten. */
const MAX_UNKNOWN = 1_000;

export interface MemoryKeyStoreDeps {
  /** Asked first; whether it fails or does not know, `truth` decides. */
  readonly mirror: KeyStore;
  readonly truth: KeyStore;
  readonly now: () => number;
}

export function createMemoryKeyStore({ mirror, truth, now }: MemoryKeyStoreDeps): KeyStore {
  const known = new Map<string, { readonly key: KeyRecord; readonly until: number }>();
  const unknownUntil = new Map<string, number>();
  return {
    async find(digest, requestId) {
      const remembered = known.get(digest);
      if (remembered && now() < remembered.until) return remembered.key;
      if (now() < (unknownUntil.get(digest) ?? 0)) return undefined;
      const mirrored = await mirror.find(digest, requestId).catch(() => undefined);
      const key = mirrored ?? (await truth.find(digest, requestId));
      if (key) setBounded(known, [digest, { key, until: now() + KNOWN_MS }], MAX_KNOWN);
      else setBounded(unknownUntil, [digest, now() + UNKNOWN_MS], MAX_UNKNOWN);
      return key;
    },
  };
}
