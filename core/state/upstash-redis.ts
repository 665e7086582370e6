import { Redis } from '@upstash/redis';
import type { RedisPort } from './redis-port.ts';
import type { RedisScripts } from './redis-scripts.ts';

interface UpstashOptions {
  readonly url: string;
  readonly token: string;
  /** Of each round trip. */
  readonly timeoutMs: number;
}

/** Longer than any lease: an abandoned set of places goes away by itself. */
const PLACES_TTL_MS = 3_600_000;

/** An empty string stands for "absent"; no value that is kept is empty. */
const REPLACE = `
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const TAKE_PLACE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1`;

/** Over Upstash's REST interface. What is asked in the same tick shares a round trip. */
export function createUpstashRedis({
  url,
  token,
  timeoutMs,
}: UpstashOptions): RedisPort & RedisScripts {
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    // `retry: false` would still retry once.
    retry: { retries: 0 },
    // A function, because an aborted plain signal makes the client answer instead of throw.
    signal: () => AbortSignal.timeout(timeoutMs),
  });
  /** By text. Their `exec` sends the text only to a Redis that does not know it yet. */
  const scripts = new Map<string, ReturnType<typeof redis.createScript>>();
  const run: RedisScripts['run'] = (text, keys, args) => {
    const script = scripts.get(text) ?? redis.createScript(text);
    scripts.set(text, script);
    return script.exec([...keys], args.map(String));
  };
  const evaluate = async (script: string, key: string, args: readonly (string | number)[]) =>
    (await run(script, [key], args)) === 1;

  return {
    run,
    async getMany(keys) {
      const values = await redis.mget<(string | null)[]>([...keys]);
      return values.map((value) => value ?? undefined);
    },
    async set(key, value, ttlMs) {
      await redis.set(key, value, { px: ttlMs });
    },
    replace: (key, { expected = '', next, ttlMs }) =>
      evaluate(REPLACE, key, [expected, next, ttlMs]),
    takePlace: (key, { holder, limit, until, now }) =>
      evaluate(TAKE_PLACE, key, [holder, limit, until, now, PLACES_TTL_MS]),
    async leavePlace(key, holder) {
      await redis.zrem(key, holder);
    },
  };
}
