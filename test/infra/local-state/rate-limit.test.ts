/** The algorithms of `@upstash/ratelimit` give exact answers over the local stack. */
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUpstashRest } from '../../../infra/local/upstash-rest.ts';
import { ENGINES } from './redis-engines.ts';

const LIMIT = 50;
const ALGORITHMS = [
  ['fixedWindow', Ratelimit.fixedWindow(LIMIT, '30 d')],
  ['slidingWindow', Ratelimit.slidingWindow(LIMIT, '30 d')],
  ['tokenBucket', Ratelimit.tokenBucket(LIMIT, '30 d', LIMIT)],
] as const;

describe.each(ENGINES)('over $name', ({ missing, start }) => {
  describe.skipIf(missing)('a limit of 50', () => {
    let redis: Redis;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      const engine = await start();
      const rest = await startUpstashRest({ redis: engine.redis, token: 'token' });
      redis = new Redis({ url: rest.url, token: 'token', enableAutoPipelining: false });
      stop = () => rest.close().then(engine.stop);
    });
    afterAll(() => stop());

    // Past its timeout the library admits everybody; a slow machine must not look like a broken limit.
    const limiterOf = (prefix: string, limiter: (typeof ALGORITHMS)[number][1]) =>
      new Ratelimit({ redis, limiter, prefix, ephemeralCache: false, timeout: 60_000 });

    it.each(ALGORITHMS)('%s admits exactly 50 of 1,000 parallel calls', async (name, algorithm) => {
      const ratelimit = limiterOf(`parallel-${name}`, algorithm);
      const calls = Array.from({ length: 1_000 }, () => ratelimit.limit('key'));
      const admitted = (await Promise.all(calls)).filter(({ success }) => success);
      expect(admitted).toHaveLength(LIMIT);
    });

    it.each(ALGORITHMS)('%s counts down, refunds and starts anew', async (name, algorithm) => {
      const ratelimit = limiterOf(`remaining-${name}`, algorithm);
      expect(await ratelimit.getRemaining('key')).toMatchObject({ remaining: LIMIT, limit: LIMIT });
      expect(await ratelimit.limit('key', { rate: 20 })).toMatchObject({ remaining: 30 });
      expect(await ratelimit.getRemaining('key')).toMatchObject({ remaining: 30 });
      expect(await ratelimit.limit('key', { rate: -5 })).toMatchObject({ remaining: 35 });
      await ratelimit.resetUsedTokens('key');
      expect(await ratelimit.getRemaining('key')).toMatchObject({ remaining: LIMIT });
    });
  });
});
