import { expect, it } from 'vitest';
import { createInProcessRedis } from '../../../../core/state/in-process-redis.ts';

it('keeps ten thousand keys and forgets the oldest, so that no flood of names fills the memory', async () => {
  const redis = createInProcessRedis({ now: () => 0 });
  for (let key = 0; key <= 10_000; key += 1) await redis.set(`key-${key}`, 'value', 1_000);
  expect(await redis.getMany(['key-0', 'key-1', 'key-10000'])).toEqual([
    undefined,
    'value',
    'value',
  ]);
});
