import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../../core/attempts/target-health.ts';
import type { TargetView } from '../../../../core/routing/next-step.ts';
import type { Target } from '../../../../core/routing/target.ts';
import type { Outcome } from '../../../../core/routing/target-state.ts';
import { createInProcessRedis } from '../../../../core/state/in-process-redis.ts';
import type { RedisPort } from '../../../../core/state/redis-port.ts';
import { createRedisTargetHealth } from '../../../../core/state/redis-target-health.ts';
import { aTarget } from '../../../support/a-target.ts';

const target = aTarget('p/a', { maxConcurrency: 1 });
const leaseOf = (holder: string): Lease => ({ holder, until: 60_000 });
const me = leaseOf('me');
const failed: Outcome = { kind: 'failed', reason: 'connect' };

const refuse = () => Promise.reject(new Error('down'));
const DOWN: RedisPort = {
  getMany: refuse,
  set: refuse,
  replace: refuse,
  takePlace: refuse,
  leavePlace: refuse,
};

function setUp(redis?: RedisPort) {
  let now = 0;
  const errors: unknown[] = [];
  const shared = redis ?? createInProcessRedis({ now: () => now });
  const anInstance = () =>
    createRedisTargetHealth({
      redis: shared,
      now: () => now,
      onFailure: (error) => errors.push(error),
      rules: {
        breaker: { failures: 5, cooldownMs: 1_000 },
        rateWindowMs: 1_000,
        credentialLatchMs: 1_000,
      },
    });
  const health = anInstance();
  const view = async (of: Target = target): Promise<TargetView> => {
    const { views } = await health.load([of], leaseOf('viewer'));
    await health.release(of, leaseOf('viewer'));
    const [only] = views;
    if (!only) throw new Error('no view');
    return only;
  };
  const settle = async (outcome: Outcome, firstTokenMs?: number) =>
    health.settle(await view(), { outcome, lease: me, firstTokenMs });
  const pass = (ms: number) => {
    now += ms;
  };
  return { health, anInstance, view, settle, pass, errors };
}

describe('without the store', () => {
  it('breakers work within the process, and the operators hear of it', async () => {
    const { view, settle, errors } = setUp(DOWN);
    for (let call = 0; call < 5; call += 1) await settle(failed);
    expect((await view()).state.breaker).toMatchObject({ at: 'open' });
    expect(errors).toContainEqual(new Error('down'));
  });

  it('places are limited within the process', async () => {
    const { health } = setUp(DOWN);
    expect(await health.load([target], me)).toMatchObject({ hasPlace: true });
    expect(await health.load([target], leaseOf('you'))).toMatchObject({
      hasPlace: false,
      views: [{ isTaken: true }],
    });
  });
});

describe('a place', () => {
  it('is one for all targets of the provider, and comes back when the call is settled', async () => {
    const { health, anInstance, view } = setUp();
    const sibling = aTarget('p/b', { maxConcurrency: 1 });
    const elsewhere = aTarget('q/a');
    const { hasPlace } = await health.load([target, sibling, elsewhere], me);
    expect(hasPlace).toBe(true);
    const other = await anInstance().load([sibling, target, elsewhere], leaseOf('you'));
    expect(other.views.map(({ isTaken }) => isTaken)).toEqual([true, true, false]);
    await health.settle(await view(), { outcome: failed, lease: me, firstTokenMs: undefined });
    expect(await anInstance().load([sibling], leaseOf('you'))).toMatchObject({ hasPlace: true });
  });

  it('of an instance that crashed falls back when its lease ends', async () => {
    const { health, pass } = setUp();
    await health.load([target], me);
    pass(60_000);
    expect(await health.load([target], { holder: 'you', until: 120_000 })).toMatchObject({
      hasPlace: true,
    });
  });

  it('is needed by nobody where the provider has no limit', async () => {
    const { health } = setUp();
    const unlimited = aTarget('p/a');
    for (const holder of ['a', 'b', 'c']) {
      expect(await health.load([unlimited], leaseOf(holder))).toMatchObject({ hasPlace: true });
    }
  });

  it('is not kept by a call that is refused', async () => {
    const { health, view, settle } = setUp();
    for (let call = 0; call < 5; call += 1) await settle(failed);
    const call = { lease: me, isRepeated: false, hasPlace: false };
    expect(await health.admit(await view(), call)).toBe(false);
    expect(await health.load([target], leaseOf('you'))).toMatchObject({ hasPlace: true });
  });

  it('is what a call without one is refused for', async () => {
    const { health, view } = setUp();
    const seen = await view();
    await health.load([target], leaseOf('you'));
    expect(await health.admit(seen, { lease: me, isRepeated: false, hasPlace: false })).toBe(false);
  });
});

describe('a failure', () => {
  it('that cannot be written for others still tells the request what it has seen itself', async () => {
    const redis = createInProcessRedis({ now: () => 0 });
    const { settle } = setUp({ ...redis, replace: async () => false });
    expect((await settle(failed)).breaker).toEqual({ at: 'closed', failures: 1 });
  });
});

describe('retries', () => {
  const repeated = { lease: me, isRepeated: true, hasPlace: true };
  const fresh = { lease: me, isRepeated: false, hasPlace: true };

  it('are counted over all instances against the provider’s budget', async () => {
    const { anInstance, view } = setUp();
    const seen = await view();
    for (let retry = 0; retry < 10; retry += 1) {
      expect(await anInstance().admit(seen, repeated)).toBe(true);
    }
    expect(await anInstance().admit(seen, repeated)).toBe(false);
    expect((await view()).retries.spentAt).toHaveLength(10);
  });

  it('are paid back by requests', async () => {
    const { health, view } = setUp();
    await health.admit(await view(), repeated);
    for (let request = 0; request < 5; request += 1) {
      expect(await health.admit(await view(), fresh)).toBe(true);
      await new Promise(setImmediate);
    }
    expect((await view()).retries.spentAt).toEqual([]);
  });
});

describe('first-token times', () => {
  it('are averaged over all instances, and forgotten after ten minutes', async () => {
    const { view, settle, pass } = setUp();
    await settle({ kind: 'answered' }, 100);
    await settle({ kind: 'answered' }, 200);
    expect((await view()).firstTokenMs).toBe(120);
    pass(600_000);
    expect((await view()).firstTokenMs).toBeUndefined();
  });
});
