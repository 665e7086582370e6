import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { PLANTS } from './plants.ts';
import { simulate } from './simulate.ts';
import { sweep } from './sweep.ts';

/** `npm run simulate` takes many more. */
const SEEDS = 300;
const SEEDS_TO_CATCH_A_PLANT = 1_000;

describe('the routing core, simulated', () => {
  it('holds its invariants in every seed, and meets every fault', {
    timeout: 120_000,
  }, async () => {
    const { failures, kinds } = await sweep({ from: 1, to: SEEDS + 1, step: 1, plant: undefined });
    expect(failures).toEqual([]);
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(Object.keys(FAULTS)));
  });

  it('repeats itself, event by event, from the same seed', async () => {
    const [first, second, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect(second).toEqual(first);
    expect(other.history.calls).not.toEqual(first.history.calls);
  });

  it.each(Object.keys(PLANTS))('catches a planted bug: %s', { timeout: 120_000 }, async (plant) => {
    let seed = 1;
    while ((await simulate(seed, PLANTS[plant])).violations.length === 0) {
      seed += 1;
      expect(seed).toBeLessThanOrEqual(SEEDS_TO_CATCH_A_PLANT);
    }
  });
});
