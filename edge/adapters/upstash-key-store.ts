import type { Redis } from '@upstash/redis/cloudflare';
import { keyRecordName, keyRecordSchema } from '../../core/contract/principal.ts';
import type { KeyStore } from '../ports.ts';
import { withDeadline } from './deadline.ts';

/** The core's mirror of its keys. It may lack one that exists. */
export const createUpstashKeyStore = (redis: Redis, timeoutMs: number): KeyStore => ({
  async find(digest) {
    const found = await withDeadline(redis.get(keyRecordName(digest)), timeoutMs);
    return found === null ? undefined : keyRecordSchema.parse(found);
  },
});
