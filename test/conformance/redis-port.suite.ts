/** What every adapter of the core's Redis port must do. */
import { describe, expect, it } from 'vitest';
import type { RedisPort } from '../../core/state/redis-port.ts';

export function describeRedisPort(name: string, open: () => Promise<RedisPort> | RedisPort): void {
  let keys = 0;
  const aKey = () => {
    keys += 1;
    return `{suite}:${keys}`;
  };
  const later = () => Date.now() + 60_000;

  describe(name, () => {
    it('reads many keys in their order, and tells absent from empty', async () => {
      const redis = await open();
      const [a, b, c] = [aKey(), aKey(), aKey()];
      await redis.set(a, '{"a":1}', 60_000);
      await redis.set(c, '17', 60_000);
      expect(await redis.getMany([a, b, c, a])).toEqual(['{"a":1}', undefined, '17', '{"a":1}']);
    });

    it('forgets a value when its time is up', async () => {
      const redis = await open();
      const key = aKey();
      await redis.set(key, 'old', 60_000);
      await redis.set(key, 'short', 30);
      await expect.poll(async () => redis.getMany([key])).toEqual([undefined]);
    });

    it('replaces only what it was told to expect', async () => {
      const redis = await open();
      const key = aKey();
      const replace = (expected: string | undefined, next: string) =>
        redis.replace(key, { expected, next, ttlMs: 60_000 });
      expect(await replace('something', 'no')).toBe(false);
      expect(await replace(undefined, 'first')).toBe(true);
      expect(await replace(undefined, 'no')).toBe(false);
      expect(await replace('other', 'no')).toBe(false);
      expect(await replace('first', 'secönd "{}"')).toBe(true);
      expect(await redis.getMany([key])).toEqual(['secönd "{}"']);
    });

    it('lets one of many parallel replacements win', async () => {
      const redis = await open();
      const key = aKey();
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          redis.replace(key, { expected: undefined, next: `${index}`, ttlMs: 60_000 }),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await redis.getMany([key])).toEqual([`${won.indexOf(true)}`]);
    });

    it('gives exactly as many places as there are, however many ask at once', async () => {
      const redis = await open();
      const key = aKey();
      const taken = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          redis.takePlace(key, { holder: `r${index}`, limit: 7, until: later(), now: Date.now() }),
        ),
      );
      expect(taken.filter(Boolean)).toHaveLength(7);
    });

    it('gives a place again once it was left, and only by its holder', async () => {
      const redis = await open();
      const key = aKey();
      const take = (holder: string) =>
        redis.takePlace(key, { holder, limit: 1, until: later(), now: Date.now() });
      expect(await take('a')).toBe(true);
      expect(await take('a')).toBe(true);
      await redis.leavePlace(key, 'b');
      expect(await take('b')).toBe(false);
      await redis.leavePlace(key, 'a');
      expect(await take('b')).toBe(true);
    });

    it('takes a place back when its lease has ended', async () => {
      const redis = await open();
      const key = aKey();
      const now = Date.now();
      expect(await redis.takePlace(key, { holder: 'a', limit: 1, until: now + 10, now })).toBe(
        true,
      );
      const place = { holder: 'b', limit: 1, until: now + 99 };
      expect(await redis.takePlace(key, { ...place, now: now + 9 })).toBe(false);
      expect(await redis.takePlace(key, { ...place, now: now + 10 })).toBe(true);
    });
  });
}
