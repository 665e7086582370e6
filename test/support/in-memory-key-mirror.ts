import type { KeyRecord } from '../../core/contract/principal.ts';
import type { KeyMirror } from '../../core/identity/key-store.ts';

export interface InMemoryKeyMirror extends KeyMirror {
  readonly records: ReadonlyMap<string, KeyRecord>;
}

export function createInMemoryKeyMirror(): InMemoryKeyMirror {
  const records = new Map<string, KeyRecord>();
  let confirmed: string | undefined;
  return {
    records,
    publish: async (digest, record) => void records.set(digest, record),
    configVersion: async () => confirmed,
    confirm: async (configVersion) => {
      confirmed = configVersion;
    },
  };
}
