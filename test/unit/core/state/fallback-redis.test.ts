import { expect, it } from 'vitest';
import { withFallback } from '../../../../core/state/fallback-redis.ts';
import { createInProcessRedis } from '../../../../core/state/in-process-redis.ts';
import type { RedisPort } from '../../../../core/state/redis-port.ts';

function setUp() {
  let now = 0;
  let isDown = false;
  let asked = 0;
  const errors: unknown[] = [];
  const inner = createInProcessRedis({ now: () => now });
  const answer = <Reply>(reply: () => Promise<Reply>): Promise<Reply> => {
    asked += 1;
    return isDown ? Promise.reject(new Error('down')) : reply();
  };
  const shared: RedisPort = {
    getMany: (keys) => answer(() => inner.getMany(keys)),
    set: (...args) => answer(() => inner.set(...args)),
    replace: (...args) => answer(() => inner.replace(...args)),
    takePlace: (...args) => answer(() => inner.takePlace(...args)),
    leavePlace: (...args) => answer(() => inner.leavePlace(...args)),
  };
  const redis = withFallback({
    shared,
    local: createInProcessRedis({ now: () => now }),
    now: () => now,
    onFailure: (error) => errors.push(error),
  });
  return {
    redis,
    errors,
    asked: () => asked,
    goDown: () => {
      isDown = true;
    },
    comeBackAfter: (ms: number) => {
      isDown = false;
      now += ms;
    },
  };
}

it('uses the shared store while it answers', async () => {
  const { redis, errors, asked } = setUp();
  await redis.set('key', 'shared', 1_000);
  expect(await redis.getMany(['key'])).toEqual(['shared']);
  expect([asked(), errors]).toEqual([2, []]);
});

it('answers every command from memory when the store fails, and says so', async () => {
  const { redis, errors, goDown } = setUp();
  goDown();
  const place = { holder: 'me', limit: 1, until: 500, now: 0 };
  await redis.set('key', 'local', 1_000);
  expect(await redis.getMany(['key'])).toEqual(['local']);
  expect(await redis.replace('key', { expected: 'local', next: 'new', ttlMs: 1_000 })).toBe(true);
  expect(await redis.takePlace('places', place)).toBe(true);
  expect(await redis.takePlace('places', { ...place, holder: 'you' })).toBe(false);
  await redis.leavePlace('places', 'me');
  expect(await redis.takePlace('places', { ...place, holder: 'you' })).toBe(true);
  expect(errors).toEqual([new Error('down')]);
});

it('leaves a store that failed alone for a second, so that an outage costs little', async () => {
  const { redis, asked, goDown, comeBackAfter } = setUp();
  goDown();
  for (let request = 0; request < 10; request += 1) await redis.getMany(['key']);
  expect(asked()).toBe(1);
  comeBackAfter(1_000);
  await redis.getMany(['key']);
  expect(asked()).toBe(2);
});
