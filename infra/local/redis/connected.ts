/** A real Redis over one connection: commands go out in the order they are called. */
import { Redis } from 'ioredis';
import type { Command, RedisBackend, Reply } from './backend.ts';

const TIMEOUT_MS = 3_000;

/** Throws one sentence, without the URL's password, when the server does not answer within 3 s. */
export async function connectRedis(url: string): Promise<RedisBackend> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // While the server is away commands fail at once, and none is sent twice: counters would count double.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  await connect(redis, url);

  const send = async ([name = '', ...args]: Command): Promise<Reply> =>
    // Upper case: ioredis reshapes the replies of `hgetall`, but not of `HGETALL`.
    toReply(await redis.callBuffer(name.toUpperCase(), ...args));

  return {
    call: send,
    multi: async (commands) => {
      // All leave in one tick, so that nobody else's command gets in between. EXEC tells their errors.
      const queued = [['MULTI'], ...commands].map(send);
      const [replies] = await Promise.all([send(['EXEC']), Promise.allSettled(queued)]);
      return Array.isArray(replies) ? replies : [];
    },
    close: async () => redis.disconnect(),
  };
}

async function connect(redis: Redis, url: string): Promise<void> {
  let reason = 'no answer';
  // Also keeps ioredis from printing every failed attempt to reconnect.
  redis.on('error', (error: Error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const { host } = new URL(url);
    throw new Error(
      `Redis at ${host} cannot be reached (${reason}). Start it, or unset REDIS_URL to use the built-in one.`,
      { cause: error },
    );
  }
}

function toReply(value: unknown): Reply {
  if (Array.isArray(value)) return value.map(toReply);
  if (typeof value === 'string' || typeof value === 'number') return value;
  return Buffer.isBuffer(value) || value instanceof Error ? value : null;
}
