import type { Redis } from '@upstash/redis';
import { keyRecordName } from '../contract/principal.ts';
import type { KeyMirror } from './key-store.ts';

/**
 * A change of configuration is published at the first start with it, so that the edge, which remembers
 * a key for 30 s, knows it 30 s later. Should that publishing fail, what is here ends by itself.
 */
const MIRROR_SECONDS = 300;
const CONFIG_VERSION_NAME = 'gateway:key:config-version';

export function createUpstashKeyMirror(redis: Redis): KeyMirror {
  return {
    async publish(digest, record) {
      await redis.set(keyRecordName(digest), record, { ex: MIRROR_SECONDS });
    },
    async configVersion() {
      return (await redis.get<string>(CONFIG_VERSION_NAME)) ?? undefined;
    },
    async confirm(configVersion) {
      await redis.set(CONFIG_VERSION_NAME, configVersion);
    },
  };
}
