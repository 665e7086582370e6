import { expect, it } from 'vitest';
import { sleep } from '../../../../core/attempts/clock.ts';
import { systemClock } from '../../../../core/attempts/system-clock.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

it('sleep ends when its time is up', async () => {
  const clock = createVirtualClock();
  await Promise.all([sleep(clock, 100, new AbortController().signal), clock.run()]);
  expect(clock.now()).toBe(100);
});

it('sleep ends when the signal fires, at once if it has fired', async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  clock.after(30, () => controller.abort());
  const slept = sleep(clock, 100, controller.signal).then(() => clock.now());
  await clock.run();
  expect(await slept).toBe(30);
  await sleep(clock, 100, controller.signal);
  expect(clock.now()).toBe(30);
});

it('the system’s clock runs what is due, and not what was cancelled', async () => {
  const ran: string[] = [];
  const cancel = systemClock.after(0, () => ran.push('cancelled'));
  cancel();
  const before = systemClock.now();
  await new Promise<void>((resolve) => systemClock.after(1, resolve));
  expect(ran).toEqual([]);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});
