/** The shared store as one environment reaches it: at once, late, now and then, or never. */
import type { RedisPort } from '../../core/state/redis-port.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { StoreMode } from './scenario.ts';

/** One way. */
const MAX_LATENCY_MS = 3;
const FAILURE_SHARE = 0.02;

interface Deps {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}

export function reachStore(mode: StoreMode, shared: RedisPort, deps: Deps): RedisPort {
  if (mode === 'instant') return shared;
  const reach = mode === 'down' ? refuse : travel(deps, mode === 'flaky' ? FAILURE_SHARE : 0);
  return {
    getMany: (keys) => reach(() => shared.getMany(keys)),
    set: (key, value, ttlMs) => reach(() => shared.set(key, value, ttlMs)),
    replace: (key, change) => reach(() => shared.replace(key, change)),
    takePlace: (key, place) => reach(() => shared.takePlace(key, place)),
    leavePlace: (key, holder) => reach(() => shared.leavePlace(key, holder)),
  };
}

const refuse = () => Promise.reject(new Error('The store is down.'));

/** A failure on the way back leaves done what was asked. */
function travel({ clock, random }: Deps, failureShare: number) {
  const way = async () => {
    await new Promise<void>((resolve) => clock.after(random.between(0, MAX_LATENCY_MS), resolve));
    if (random.chance(failureShare)) throw new Error('The store did not answer.');
  };
  return async <Reply>(ask: () => Promise<Reply>): Promise<Reply> => {
    await way();
    const reply = await ask();
    await way();
    return reply;
  };
}
