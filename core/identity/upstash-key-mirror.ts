import type { Redis } from '@upstash/redis';
import { keyRecordName } from '../contract/principal.ts';
import type { KeyMirror } from './key-store.ts';

/** A day: a key that nobody uses leaves the mirror, and comes back through the core. */
const MIRROR_SECONDS = 86_400;

export function createUpstashKeyMirror(redis: Redis): KeyMirror {
  return {
    async publish(digest, record) {
      await redis.set(keyRecordName(digest), record, { ex: MIRROR_SECONDS });
    },
  };
}
