import { describe, expect, it } from 'vitest';
import { createCancelWatch } from '../../../../core/cancel/cancel-watch.ts';
import { createInProcessRedis } from '../../../../core/state/in-process-redis.ts';
import { createFastClock } from '../../../support/fast-clock.ts';

const clock = createFastClock(100);

describe('a cancel mark', () => {
  it('that one instance sets reaches the request in another', async () => {
    const redis = createInProcessRedis(clock);
    const here = createCancelWatch({ redis, clock });
    const there = createCancelWatch({ redis, clock });
    const cancelled = new Promise<void>((resolve) => {
      here.watch('request-1', resolve);
    });
    await there.cancel('request-1');
    await cancelled;
  });

  it('ends no other request, and none that has ended', async () => {
    const redis = createInProcessRedis(clock);
    const watch = createCancelWatch({ redis, clock });
    const cancelled: string[] = [];
    const stop = watch.watch('ended', () => cancelled.push('ended'));
    watch.watch('other', () => cancelled.push('other'));
    stop();
    await watch.cancel('ended');
    await new Promise((resolve) => clock.after(3_000, () => resolve(undefined)));
    expect(cancelled).toEqual([]);
  });
});
