import type { Redis } from '@upstash/redis';
import { keyRecordName } from '../contract/principal.ts';
import type { KeyMirror } from './key-store.ts';

/**
 * A change of configuration is published at the first start with it, so that the edge, which remembers
 * a key for 30 s, knows it 30 s later. Should that publishing fail, what is here ends by itself.
 */
const MIRROR_SECONDS = 300;
const CONFIG_VERSION_NAME = 'gateway:key:config-version';

/** The revision stands first in a copy, so that a look-up that was overtaken cannot undo a revocation. */
const PUBLISH = `
local copy = redis.call('GET', KEYS[1])
local revision = copy and tonumber(string.match(copy, '^{"revision":(%d+)'))
if revision and revision > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

export function createUpstashKeyMirror(redis: Redis): KeyMirror {
  return {
    async publish(digest, { record, revision }) {
      // Without a record this is none to the edge, which then asks the core.
      const copy = { revision, ...(record !== 'refused' && record) };
      const values = [revision, JSON.stringify(copy), MIRROR_SECONDS];
      await redis.eval(PUBLISH, [keyRecordName(digest)], values);
    },
    async configVersion() {
      return (await redis.get<string>(CONFIG_VERSION_NAME)) ?? undefined;
    },
    async confirm(configVersion) {
      await redis.set(CONFIG_VERSION_NAME, configVersion);
    },
  };
}
