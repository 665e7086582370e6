import type { Content, ContentLog } from '../../core/ledger/content-log.ts';

export interface InMemoryContentLog extends ContentLog {
  /** By request. */
  readonly kept: ReadonlyMap<string, Content>;
}

export function createInMemoryContentLog(): InMemoryContentLog {
  const kept = new Map<string, Content>();
  return {
    kept,
    keep: async ({ requestId }, content) => void kept.set(requestId, content),
    find: async ({ requestId }) => kept.get(requestId),
  };
}
