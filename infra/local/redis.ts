import type { RedisBackend } from './redis/backend.ts';
import { withoutShebangs } from './redis/shebang.ts';

/**
 * With a `redis://` or `rediss://` URL that server, which must answer within seconds; without one a
 * Redis in memory that ends with this process. Only the engine in use is loaded.
 */
export async function openRedis({
  url,
}: {
  readonly url?: string | undefined;
}): Promise<RedisBackend> {
  if (url === undefined) {
    // fengari reads it when it is loaded: 5.0 prints as "5", as in the Lua of Redis.
    process.env.FENGARICONF = '{"LUA_COMPAT_FLOATSTRING":true}';
    const { createEmbeddedRedis } = await import('./redis/embedded.ts');
    return withoutShebangs(await createEmbeddedRedis());
  }
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new Error('REDIS_URL must look like redis://127.0.0.1:6379 (or rediss:// for TLS).');
  const { connectRedis } = await import('./redis/connected.ts');
  return withoutShebangs(await connectRedis(url));
}
