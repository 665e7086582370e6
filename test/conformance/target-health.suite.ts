/** What instances of the gateway that share a store must hold together. */
import { describe, expect, it } from 'vitest';
import type { Lease } from '../../core/attempts/target-health.ts';
import type { TargetView } from '../../core/routing/next-step.ts';
import type { Target } from '../../core/routing/target.ts';
import type { RedisPort } from '../../core/state/redis-port.ts';
import { createRedisTargetHealth } from '../../core/state/redis-target-health.ts';
import { aTarget } from '../support/a-target.ts';

const INSTANCES = 50;
const COOLDOWN_MS = 30_000;

export function describeTargetHealth(name: string, open: () => RedisPort): void {
  describe(name, () => {
    it.each([4, 5, 30])('counts each of %i parallel failures', async (failures) => {
      const { fail, view } = setUp(open(), `count-${failures}`);
      await Promise.all(Array.from({ length: failures }, (_, index) => fail(index)));
      const expected = failures < 5 ? { at: 'closed', failures } : { at: 'open', trips: 1 };
      expect((await view()).state.breaker).toMatchObject(expected);
    });

    it('lets one of a thousand parallel calls into a half-open breaker', async () => {
      const { fail, view, admit, pass } = setUp(open(), 'probe');
      await Promise.all(Array.from({ length: 5 }, (_, index) => fail(index)));
      pass(COOLDOWN_MS);
      const seen = await view();
      const calls = Array.from({ length: 1_000 }, (_, index) => admit(seen, index));
      expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(1);
    });

    it('lets no more calls in at once than the provider has places', async () => {
      const { load } = setUp(open(), 'places', { maxConcurrency: 3 });
      const loaded = await Promise.all(Array.from({ length: 100 }, (_, index) => load(index)));
      expect(loaded.filter(({ hasPlace }) => hasPlace)).toHaveLength(3);
    });
  });
}

function setUp(redis: RedisPort, provider: string, overrides: Partial<Target> = {}) {
  let now = Date.now();
  const target = aTarget(`${provider}/m`, overrides);
  const instances = Array.from({ length: INSTANCES }, () =>
    createRedisTargetHealth({
      redis,
      now: () => now,
      onFailure: (error) => {
        throw error;
      },
      rules: {
        breaker: { failures: 5, cooldownMs: COOLDOWN_MS },
        rateWindowMs: 1_000,
        credentialLatchMs: 1_000,
      },
    }),
  );
  const instance = (index: number) => instances[index % INSTANCES] as (typeof instances)[number];
  const lease = (index: number): Lease => ({ holder: `r${index}`, until: now + 60_000 });
  const load = (index: number) => instance(index).load([target], lease(index));
  const view = async () => (await load(0)).views[0] as TargetView;
  return {
    load,
    view,
    fail: async (index: number) =>
      instance(index).settle(await view(), {
        outcome: { kind: 'failed', reason: 'connect' },
        lease: lease(index),
        firstTokenMs: undefined,
      }),
    admit: (seen: TargetView, index: number) =>
      instance(index).admit(seen, { lease: lease(index), isRepeated: false, hasPlace: true }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}
