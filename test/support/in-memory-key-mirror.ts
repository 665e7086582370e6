import type { KeyMirror, MirroredKey } from '../../core/identity/key-store.ts';

export interface InMemoryKeyMirror extends KeyMirror {
  readonly copies: ReadonlyMap<string, MirroredKey>;
}

export function createInMemoryKeyMirror(): InMemoryKeyMirror {
  const copies = new Map<string, MirroredKey>();
  let confirmed: string | undefined;
  return {
    copies,
    async publish(digest, copy) {
      if ((copies.get(digest)?.revision ?? 0) <= copy.revision) copies.set(digest, copy);
    },
    configVersion: async () => confirmed,
    confirm: async (configVersion) => {
      confirmed = configVersion;
    },
  };
}
