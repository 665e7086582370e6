/**
 * Clients that leave. Lambda does not learn of it, and the instance that the edge tells may be another
 * one: so the edge's word becomes a mark in the shared store, which every running request looks for.
 */
import type { Clock } from '../attempts/clock.ts';
import type { RedisPort } from '../state/redis-port.ts';

export interface CancelWatch {
  /** Marks a request as left by its client. Rejects when the store fails. */
  cancel(requestId: string): Promise<void>;
  /** Calls `onCancel` within a second or so of the mark. Returns how to stop looking. */
  watch(requestId: string, onCancel: () => void): () => void;
}

export interface CancelWatchDeps {
  readonly redis: RedisPort;
  readonly clock: Clock;
}

const LOOK_EVERY_MS = 1_000;
/** Longer than any request may run. */
const MARK_TTL_MS = 900_000;

export function createCancelWatch({ redis, clock }: CancelWatchDeps): CancelWatch {
  const here = new Map<string, () => void>();
  return {
    async cancel(requestId) {
      here.get(requestId)?.();
      await redis.set(markOf(requestId), '1', MARK_TTL_MS);
    },
    watch(requestId, onCancel) {
      here.set(requestId, onCancel);
      let stopTimer = () => {};
      const look = async () => {
        // A store that fails has no marks: the request then runs to its own limits.
        const [mark] = await redis.getMany([markOf(requestId)]).catch(() => []);
        if (!here.has(requestId)) return;
        if (mark === undefined) wait();
        else onCancel();
      };
      const wait = () => {
        stopTimer = clock.after(LOOK_EVERY_MS, () => void look());
      };
      wait();
      return () => {
        here.delete(requestId);
        stopTimer();
      };
    },
  };
}

const markOf = (requestId: string): string => `gateway:cancel:${requestId}`;
