import { describe, expect, it } from 'vitest';
import { microUsd } from '../../../../core/contract/money.ts';
import type { Budget } from '../../../../core/contract/principal.ts';
import {
  aPrincipal,
  DEADLINE_MS,
  LIFETIME_MS,
  setUpBudgets,
} from '../../../support/budget-world.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';

const budget = (limit: number, period: Budget['period'] = 'day'): Budget => ({
  scope: 'key',
  period,
  limitMicroUsd: microUsd(limit),
});
const under = (...budgets: Budget[]) => aPrincipal({ budgets });
type World = ReturnType<typeof setUpBudgets>;

/** Asks, and if admitted spends `cost` of the `worst`; answers the code of the refusal. */
async function spend(
  world: World,
  principal: ReturnType<typeof under>,
  worst: number,
  cost = worst,
) {
  const { lease, close } = world.take(world.budgets, { principal, worst });
  const { refusal } = await world.clock.until(lease.admission);
  const row = await close(microUsd(refusal ? 0 : cost), refusal ? 'rejected' : 'success');
  await world.clock.until(lease.settle(row));
  return refusal?.code ?? 'admitted';
}

const pass = async (world: World, ms: number) => {
  world.clock.after(ms, () => {});
  await world.clock.run();
};

const reservedOf = async (world: World) => {
  const { tenantId, keyId } = aPrincipal();
  const receivedAt = world.clock.now();
  return (await world.store.read({ tenantId, keyId, receivedAt }))[0]?.reservedMicroUsd;
};

describe('a budget', () => {
  it('holds from the first request of a tenant, counting what was spent before there was one', async () => {
    const world = setUpBudgets();
    expect(await spend(world, under(), 70)).toBe('admitted');
    expect(await spend(world, under(budget(100)), 31)).toBe('budget_exceeded');
    expect(await spend(world, under(budget(100)), 30)).toBe('admitted');
    expect(world.failures).toEqual([]);
  });

  it('admits the first burst of a tenant over several instances, however they overtake each other', async () => {
    for (const seed of Array(40).keys()) {
      const random = createSeededRandom(seed);
      const world = setUpBudgets({ delayMs: () => random.integer(1, 11) });
      const asked = Array.from({ length: 4 }, () =>
        world.take(world.open(), { principal: under(budget(100)), worst: 25 }),
      );
      const admissions = Promise.all(asked.map(({ lease }) => lease.admission));
      const refused = (await world.clock.until(admissions)).filter(({ refusal }) => refusal);
      expect(refused, `seed ${seed}`).toEqual([]);
    }
  });

  it('is new after midnight, while a request of the day before is charged to its own day', async () => {
    const world = setUpBudgets({ startMs: Date.parse('2026-03-01T23:59:58Z') });
    const principal = under(budget(100));
    const late = world.take(world.budgets, { principal, worst: 100 });
    expect((await world.clock.until(late.lease.admission)).refusal).toBeUndefined();
    expect(await spend(world, principal, 1)).toBe('budget_exceeded');
    await pass(world, 4_000);
    expect(await spend(world, principal, 60)).toBe('admitted');
    await world.clock.until(late.lease.settle(await late.close(microUsd(90))));
    expect(await spend(world, principal, 40)).toBe('admitted');
    expect(await spend(world, principal, 1)).toBe('budget_exceeded');
  });

  it('what was spent past it is seen at the first quiet moment after five minutes', async () => {
    const world = setUpBudgets();
    const principal = under(budget(100));
    await spend(world, principal, 10);
    // While the key had no budget.
    await spend(world, under(), 85);
    expect(await spend(world, principal, 6)).toBe('admitted');
    await pass(world, 300_001);
    expect(await spend(world, principal, 1)).toBe('budget_exceeded');
  });
});

describe('a store that has lost its memory', () => {
  it('has keys with a budget refused for one lifetime, with the time to wait, and others not', async () => {
    const world = setUpBudgets();
    const principal = under(budget(100));
    await spend(world, principal, 40);
    const lost = world.take(world.budgets, { principal, worst: 50 });
    await world.clock.until(lost.lease.admission);
    world.lose();

    expect(await spend(world, principal, 1)).toBe('budget_unavailable');
    const next = world.take(world.budgets, { principal, worst: 1 });
    const { refusal } = await world.clock.until(next.lease.admission);
    expect(refusal?.options.retryAfterSeconds).toBe(LIFETIME_MS / 1_000);
    expect(await spend(world, aPrincipal({ limits: { maxConcurrency: 1 } }), 1)).toBe('admitted');

    await world.clock.until(lost.lease.settle(await lost.close(microUsd(50))));
    await pass(world, LIFETIME_MS - 1);
    expect(await spend(world, principal, 1)).toBe('budget_unavailable');
    await pass(world, 1);
    expect(await spend(world, principal, 11)).toBe('budget_exceeded');
    expect(await spend(world, principal, 9)).toBe('admitted');
  });
});

it('a tenant whose first look at the truth takes too long is served once it is there', async () => {
  let travels = 0;
  // There and back to the store, then there to the table.
  const delayMs = () => {
    travels += 1;
    return travels === 3 ? 5_000 : 0;
  };
  const world = setUpBudgets({ delayMs });
  const first = world.take(world.budgets, { principal: under(budget(100)), worst: 1 });
  expect((await world.clock.until(first.lease.admission)).refusal?.code).toBe('budget_unavailable');
  await pass(world, 5_000);
  expect(await spend(world, under(budget(100)), 1)).toBe('admitted');
});

describe('a lease that has run out', () => {
  const principal = under(budget(100));

  it('is settled by its row when the core died between closing and settling', async () => {
    const world = setUpBudgets();
    const dead = world.take(world.budgets, { principal, worst: 100 });
    await world.clock.until(dead.lease.admission);
    await dead.close(microUsd(30));
    await pass(world, LIFETIME_MS - 1);
    expect(await spend(world, principal, 70)).toBe('budget_exceeded');
    await pass(world, 1);
    expect(await spend(world, principal, 70)).toBe('admitted');
    expect(await reservedOf(world)).toBe(0);
  });

  it('holds what it has while its row is open, and then costs what the sweeper charges', async () => {
    const world = setUpBudgets();
    const dead = world.take(world.budgets, { principal, worst: 60 });
    await world.clock.until(dead.lease.admission);
    await pass(world, LIFETIME_MS);
    expect(await spend(world, principal, 41)).toBe('budget_exceeded');
    await world.sweep();
    // Half of its worst case is the input.
    expect(await spend(world, principal, 71)).toBe('budget_exceeded');
    expect(await spend(world, principal, 70)).toBe('admitted');
  });

  it('gives everything back when the request never came to have a row', async () => {
    const world = setUpBudgets();
    const { facts } = world.take(world.open(), { principal: under(), worst: 0 });
    const demand = { ...facts, principal, requestId: 'no-row', tokens: 0 };
    await world.clock.until(
      world.budgets.lease({ ...demand, costMicroUsd: microUsd(100) }).admission,
    );
    await pass(world, LIFETIME_MS);
    expect(await spend(world, principal, 100)).toBe('admitted');
  });

  it('is settled in passing, also when nobody is refused', async () => {
    const world = setUpBudgets();
    const dead = world.take(world.budgets, { principal, worst: 10 });
    await world.clock.until(dead.lease.admission);
    await dead.close(microUsd(5));
    await pass(world, LIFETIME_MS);
    await spend(world, principal, 1);
    await world.clock.run();
    expect(await reservedOf(world)).toBe(0);
  });
});

describe('without the store', () => {
  it('a key with a budget is refused, and served again at once when the store is back', async () => {
    const world = setUpBudgets();
    world.breakStore(true);
    expect(await spend(world, under(budget(100)), 1)).toBe('budget_unavailable');
    world.breakStore(false);
    expect(await spend(world, under(budget(100)), 1)).toBe('admitted');
    expect(world.failures.length).toBeGreaterThan(0);
  });

  it('limits are counted in the process, never ignored', async () => {
    const world = setUpBudgets();
    world.breakStore(true);
    const principal = aPrincipal({ limits: { maxConcurrency: 2, tokensPerMinute: 25 } });
    const ask = () => world.take(world.budgets, { principal, worst: 0, tokens: 10 });
    const [first, second, third] = [ask(), ask(), ask()];
    expect(await world.clock.until(first.lease.admission)).toMatchObject({ isDegraded: true });
    expect((await world.clock.until(second.lease.admission)).refusal).toBeUndefined();
    expect((await world.clock.until(third.lease.admission)).refusal?.code).toBe('rate_limited');
    await world.clock.until(first.lease.settle(await first.close(microUsd(0))));
    expect((await world.clock.until(ask().lease.admission)).refusal).toBeUndefined();
    expect((await world.clock.until(ask().lease.admission)).refusal?.code).toBe('rate_limited');
  });

  it.each([
    ['a key with a budget is refused', [budget(100)], 2_500, 'budget_unavailable'],
    ['any other goes on', [], 250, undefined],
  ] as const)('a store that hangs holds nobody: %s', async (_, budgets, ms, code) => {
    const world = setUpBudgets({ delayMs: () => 60_000 });
    const principal = aPrincipal({ budgets: [...budgets], limits: { maxConcurrency: 5 } });
    const before = world.clock.now();
    const { lease } = world.take(world.budgets, { principal, worst: 1 });
    expect((await world.clock.until(lease.admission)).refusal?.code).toBe(code);
    expect(world.clock.now() - before).toBe(ms);
  });

  it('after a failure, keys without a budget do not wait for it for a second', async () => {
    const world = setUpBudgets({ delayMs: () => 60_000 });
    const principal = aPrincipal({ limits: { maxConcurrency: 5 } });
    const took = async () => {
      const before = world.clock.now();
      const { lease } = world.take(world.budgets, { principal, worst: 1 });
      await world.clock.until(lease.admission);
      return world.clock.now() - before;
    };
    expect([await took(), await took()]).toEqual([250, 0]);
  });
});

it('a request without limits asks the store nothing', async () => {
  const world = setUpBudgets();
  world.breakStore(true);
  expect(await spend(world, under(), 1)).toBe('admitted');
  expect(world.failures).toEqual([]);
});

it('tells the operator of a cost above the reservation, and of no other', async () => {
  const world = setUpBudgets();
  const principal = under(budget(1_000));
  await spend(world, principal, 10, 10);
  await spend(world, principal, 10, 17);
  expect(world.excesses).toMatchObject([{ reservedMicroUsd: 10, costMicroUsd: 17 }]);
});

it('a request whose deadline is sooner has a lease that ends sooner', async () => {
  const world = setUpBudgets();
  const principal = under(budget(100));
  const hasty = world.take(world.budgets, { principal, worst: 100, deadlineMs: 1_000 });
  await world.clock.until(hasty.lease.admission);
  await hasty.close(microUsd(0));
  await pass(world, LIFETIME_MS - DEADLINE_MS + 1_000);
  expect(await spend(world, principal, 100)).toBe('admitted');
});
