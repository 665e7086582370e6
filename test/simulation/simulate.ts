/** One scenario from its first request to its last, and what the checker finds in it. */
import type { AttemptDeps } from '../../core/attempts/run.ts';
import { createInProcessRedis } from '../../core/state/in-process-redis.ts';
import type { RedisPort } from '../../core/state/redis-port.ts';
import { createRedisTargetHealth } from '../../core/state/redis-target-health.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import { check } from './check.ts';
import { arrive, type Environment, serve } from './gateway.ts';
import type { ClientView, History } from './history.ts';
import { type Plant, SOUND } from './plants.ts';
import { createScenario, kindOf, type Scenario } from './scenario.ts';
import { reachStore } from './store.ts';
import { createUpstream } from './upstream.ts';

export interface Simulated {
  readonly history: History;
  readonly violations: readonly string[];
}

export const simulate = (seed: number, plant: Plant = SOUND): Promise<Simulated> =>
  play(createScenario(seed), plant);

export async function play(scenario: Scenario, plant: Plant): Promise<Simulated> {
  const random = createSeededRandom(scenario.seed ^ 0x5eed);
  const clock = createVirtualClock();
  const upstream = createUpstream({ clock, random, kindAt: kindOf(scenario, random) });
  const shared = createInProcessRedis(clock);
  const environments = Array.from({ length: scenario.environments }, (): Environment => {
    const deps = createDeps({ scenario, random, clock, plant }, shared);
    return { scenario, clock, upstream, deps, plant };
  });
  const views: ClientView[] = [];
  for (const request of scenario.requests) {
    clock.after(request.atMs, () => {
      const environment = environments[request.environment] as Environment;
      const view = arrive(request, environment);
      views.push(view);
      serve(request, environment, view).catch((error: unknown) => {
        view.end = 'error';
        view.code = String(error);
      });
    });
  }
  await clock.run();
  const history = { scenario, views, calls: upstream.calls };
  return { history, violations: check(history) };
}

interface World {
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly plant: Plant;
}

function createDeps({ scenario, random, clock, plant }: World, shared: RedisPort): AttemptDeps {
  const redis = reachStore(scenario.store, plant.redis?.(shared) ?? shared, { clock, random });
  const health = createRedisTargetHealth({
    redis,
    rules: plant.rules?.(scenario.health) ?? scenario.health,
    now: clock.now,
    onFailure: () => undefined,
  });
  return {
    clock,
    random: plant.random ?? random.next,
    health: plant.health?.(health) ?? health,
    retry: scenario.retry,
  };
}
