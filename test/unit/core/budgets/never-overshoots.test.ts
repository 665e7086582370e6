/** Whatever comes between: what is spent and what may still be spent stay within every budget, and nothing leaks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BUDGET_PLACES, budgetNames, limitsByPlace } from '../../../../core/budgets/budget.ts';
import { microUsd } from '../../../../core/contract/money.ts';
import type { RequestLogRow } from '../../../../core/ledger/request-log.ts';
import type { RequestFacts } from '../../../../core/ledger/row.ts';
import {
  aPrincipal,
  DEADLINE_MS,
  LIFETIME_MS,
  setUpBudgets,
} from '../../../support/budget-world.ts';

const LIMIT = 100;
const budgets = [
  { scope: 'key', period: 'day', limitMicroUsd: microUsd(LIMIT) },
  { scope: 'tenant', period: 'month', limitMicroUsd: microUsd(LIMIT + 40) },
  { scope: 'tenant', period: 'total', limitMicroUsd: microUsd(LIMIT + 60) },
] as const;

const event = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('request' as const),
      atMs: fc.nat(900_000),
      instance: fc.nat(2),
      keyId: fc.constantFrom('abcdefgh1', 'abcdefgh2'),
      worst: fc.integer({ min: 1, max: 40 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      lastsMs: fc.nat(DEADLINE_MS),
      /** Where its core dies, if it does. */
      dies: fc.option(fc.constantFrom('before the close', 'before the settling'), { freq: 4 }),
      settlesAfterMs: fc.nat(3_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('loss' as const), atMs: fc.nat(900_000) }),
  },
);

it('spent and reserved stay within every budget, and all that is reserved comes back', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 10, maxLength: 80, size: 'max' }),
      fc.boolean(),
      fc.infiniteStream(fc.nat(8)),
      (events, sweeperSettles, delays) => run(events, { sweeperSettles, delays, reached }),
    ),
    { numRuns: 200 },
  );
  // Else the property could not fail.
  expect([...reached].sort()).toEqual(['admitted', 'budget_exceeded', 'budget_unavailable']);
});

interface Conditions {
  readonly sweeperSettles: boolean;
  readonly delays: Iterator<number>;
  readonly reached: Set<string>;
}

async function run(
  events: readonly (typeof event extends fc.Arbitrary<infer Event> ? Event : never)[],
  { sweeperSettles, delays, reached }: Conditions,
) {
  // Five minutes before a day, a month and a year end.
  const world = setUpBudgets({
    startMs: Date.parse('2026-12-31T23:55:00Z'),
    delayMs: () => delays.next().value,
  });
  const { clock, log } = world;
  const instances = [world.open(), world.open(), world.open()];
  /** Sent, and not known to have ended. */
  const underWay = new Map<string, RequestFacts>();

  const check = () => {
    for (const [name, amount] of chargesByName(log.rows(), underWay)) {
      expect(amount, name).toBeLessThanOrEqual(limitOf(name));
    }
  };

  const make = async (request: Extract<(typeof events)[number], { what: 'request' }>) => {
    const instance = instances[request.instance] ?? world.budgets;
    const principal = aPrincipal({ keyId: request.keyId as never, budgets });
    const { facts, lease, close } = world.take(instance, { principal, worst: request.worst });
    const { refusal } = await lease.admission;
    reached.add(refusal?.code ?? 'admitted');
    if (refusal) return lease.settle(await close(microUsd(0), 'rejected'));
    underWay.set(facts.requestId, facts);
    check();
    await new Promise<void>((resolve) => clock.after(request.lastsMs, resolve));
    if (request.dies === 'before the close') return;
    const row = await close(microUsd(Math.round(request.worst * request.part)));
    check();
    if (request.dies === 'before the settling') return;
    await new Promise<void>((resolve) => clock.after(request.settlesAfterMs, resolve));
    await lease.settle(row);
  };

  const made: Promise<unknown>[] = [];
  for (const each of events) {
    clock.after(each.atMs, () => (each.what === 'loss' ? world.lose() : made.push(make(each))));
  }
  for (let minute = 1; minute <= 22; minute += 1) {
    clock.after(minute * 60_000, () => {
      made.push(world.sweep(sweeperSettles ? world.budgets : undefined));
    });
  }
  await clock.run();
  await Promise.all(made);
  expect(world.failures).toEqual([]);
  check();
  await nothingIsLeft(world);
}

/** What final rows charge, and the most that requests under way may, by the name of each budget. */
function chargesByName(
  rows: readonly RequestLogRow[],
  underWay: ReadonlyMap<string, RequestFacts>,
): ReadonlyMap<string, number> {
  const charges = new Map<string, number>();
  for (const row of rows) {
    const held = underWay.has(row.requestId) ? (row.reservedMicroUsd ?? 0) : 0;
    const amount = row.outcome === 'open' ? held : row.costMicroUsd;
    const moment = { keyId: row.keyId, receivedAt: Date.parse(row.timestamp) };
    for (const name of budgetNames(moment)) charges.set(name, (charges.get(name) ?? 0) + amount);
  }
  return charges;
}

/** By the names of both keys and both days. */
const LIMITS = new Map(
  ['abcdefgh1', 'abcdefgh2'].flatMap((keyId) =>
    ['2026-12-31', '2027-01-01'].flatMap((day) => {
      const limits = limitsByPlace(budgets);
      const names = budgetNames({ keyId, receivedAt: Date.parse(day) });
      return names.map((name, place) => [name, limits[place] ?? Number.POSITIVE_INFINITY] as const);
    }),
  ),
);
const limitOf = (name: string): number => LIMITS.get(name) ?? 0;

/** A quiet moment later, what the store knows is what the rows say. */
async function nothingIsLeft(world: ReturnType<typeof setUpBudgets>) {
  const { clock, log, budgets: instance, store } = world;
  const principal = aPrincipal({ keyId: 'abcdefgh1' as never, budgets });
  const probe = async () => {
    const { lease, close } = world.take(instance, { principal, worst: 0 });
    await lease.admission;
    await lease.settle(await close(microUsd(0)));
  };
  // Each looks at ten leases that have run out; the first may find that the store was emptied.
  for (const waitMs of [LIFETIME_MS, LIFETIME_MS, 301_000, 301_000, ...Array(8).fill(2_000)]) {
    await clock.run(clock.now() + waitMs);
    clock.after(waitMs, () => {});
    await clock.run();
    await clock.until(probe());
    await clock.run();
  }
  const receivedAt = clock.now();
  const readings = await store.read({ tenantId: 'shop', keyId: 'abcdefgh1', receivedAt });
  const spent = log
    .rows()
    .reduce((sum, row) => (row.outcome === 'open' ? sum : sum + row.costMicroUsd), 0);
  const total = BUDGET_PLACES.findIndex(
    ({ scope, period }) => scope === 'tenant' && period === 'total',
  );
  expect(readings[total]).toEqual({ spentMicroUsd: spent, reservedMicroUsd: 0 });
}
