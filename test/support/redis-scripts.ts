import type { RedisScripts } from '../../core/state/redis-scripts.ts';
import type { RedisBackend, Reply } from '../../infra/local/redis/backend.ts';

/** Scripts straight on a Redis, without the REST door. */
export const scriptsOn = (redis: RedisBackend): RedisScripts => ({
  run: async (script, keys, args) =>
    plain(await redis.call(['EVAL', script, String(keys.length), ...keys, ...args.map(String)])),
});

const plain = (reply: Reply): unknown => {
  if (Array.isArray(reply)) return reply.map(plain);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
};
