import type { KeyStore, StoredKey } from '../../core/identity/key-store.ts';

export function createInMemoryKeyStore(): KeyStore {
  const keys = new Map<string, StoredKey>();
  return {
    findByDigest: async (digest) => keys.get(digest),
    async create(key) {
      if (keys.has(key.digest)) throw new Error('The key exists.');
      keys.set(key.digest, key);
    },
    async *list() {
      yield* keys.values();
    },
  };
}
