/** The Redis port within one process: what the gateway falls back on while the shared store is away. */
import type { Place, RedisPort } from './redis-port.ts';

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/** Of keys; the oldest go first. Names of models come from clients where a provider lists `*`. */
const MAX_ENTRIES = 10_000;

export function createInProcessRedis({ now }: { now(): number }): RedisPort {
  const entries = new Map<string, Entry>();
  const places = new Map<string, Map<string, number>>();

  const read = (key: string): string | undefined => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > now() ? entry.value : undefined;
  };
  const write = (key: string, value: string, ttlMs: number) => {
    entries.delete(key);
    entries.set(key, { value, expiresAt: now() + ttlMs });
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
  };

  return {
    getMany: async (keys) => keys.map(read),
    set: async (key, value, ttlMs) => write(key, value, ttlMs),
    async replace(key, { expected, next, ttlMs }) {
      if (read(key) !== expected) return false;
      write(key, next, ttlMs);
      return true;
    },
    async takePlace(key, place) {
      const holders = places.get(key) ?? new Map<string, number>();
      places.set(key, holders);
      return take(holders, place);
    },
    async leavePlace(key, holder) {
      const holders = places.get(key);
      holders?.delete(holder);
      if (holders?.size === 0) places.delete(key);
    },
  };
}

function take(holders: Map<string, number>, { holder, limit, until, now }: Place): boolean {
  if (holders.size >= limit) {
    for (const [other, end] of holders) if (end <= now) holders.delete(other);
  }
  if (holders.size >= limit && !holders.has(holder)) return false;
  holders.set(holder, until);
  return true;
}
