import type { RedisPort } from './redis-port.ts';

interface FallbackDeps {
  readonly shared: RedisPort;
  readonly local: RedisPort;
  now(): number;
  /** For the operators: what follows is no longer shared. */
  onFailure(error: unknown): void;
}

/** After a failure the shared store is left alone for so long: an outage must not cost every request its timeout. */
const REST_MS = 1_000;

/** The shared store, or while it fails the local one: for state that may be lost, never for money. */
export function withFallback({ shared, local, now, onFailure }: FallbackDeps): RedisPort {
  let restsUntil = 0;
  const either = async <Reply>(ask: (redis: RedisPort) => Promise<Reply>): Promise<Reply> => {
    if (now() < restsUntil) return ask(local);
    try {
      return await ask(shared);
    } catch (error) {
      restsUntil = now() + REST_MS;
      onFailure(error);
      return ask(local);
    }
  };
  return {
    getMany: (keys) => either((redis) => redis.getMany(keys)),
    set: (key, value, ttlMs) => either((redis) => redis.set(key, value, ttlMs)),
    replace: (key, change) => either((redis) => redis.replace(key, change)),
    takePlace: (key, place) => either((redis) => redis.takePlace(key, place)),
    leavePlace: (key, holder) => either((redis) => redis.leavePlace(key, holder)),
  };
}
