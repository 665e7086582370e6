/** The scripts do what `core/budgets/account.ts` says, command by command, on every Redis there is. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin, EMPTY_ACCOUNT, learn, read, reserve, settle } from '../../core/budgets/account.ts';
import type { BudgetStore, Reservation } from '../../core/budgets/budget-store.ts';
import { type MicroUsd, microUsd } from '../../core/contract/money.ts';
import type { Budget } from '../../core/contract/principal.ts';
import { createRedisBudgetStore } from '../../core/state/redis-budget-store.ts';
import { ENGINES } from '../infra/local-state/redis-engines.ts';
import { scriptsOn } from '../support/redis-scripts.ts';

const LIFETIME_MS = 100_000;
const REFRESH_MS = 150_000;

/** As much as leaves room for what the commands add. */
const HUGE = Number.MAX_SAFE_INTEGER - 10_000;

const money = (max: number) => fc.nat(max).map(microUsd);
const limits = fc.record(
  {
    tokensPerMinute: fc.integer({ min: 1, max: 60 }),
    maxConcurrency: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);
const budget: fc.Arbitrary<Budget> = fc.record({
  scope: fc.constantFrom('key', 'tenant'),
  period: fc.constantFrom('day', 'month', 'total'),
  limitMicroUsd: fc.oneof(fc.constantFrom(20, 30, HUGE, Number.MAX_SAFE_INTEGER)).map(microUsd),
});
const budgets = fc.oneof(
  fc.constant([]),
  fc.constant([{ scope: 'tenant', period: 'total', limitMicroUsd: microUsd(80) } as const]),
  fc.array(budget, { maxLength: 3 }),
);
const key = fc.constantFrom('abcdefgh', 'ijklmnop');
const spent = (amount: fc.Arbitrary<MicroUsd>, freq: number) =>
  fc.array(fc.option(amount, { nil: undefined, freq }), { minLength: 6, maxLength: 6 });

const reserving = fc.record({
  do: fc.constant('reserve' as const),
  keyId: key,
  budgets,
  limits: fc.oneof(fc.constant({}), limits),
  tenantLimits: fc.oneof(fc.constant({}), limits),
  costMicroUsd: fc.oneof(fc.constantFrom(0, 1, 10), fc.nat(12)).map(microUsd),
  tokens: fc.constantFrom(0, 10, 20, 70),
  lastsMs: fc.constantFrom(1, 10_000, LIFETIME_MS),
});
const settling = fc.record({
  do: fc.constant('settle' as const),
  back: fc.nat(6),
  costMicroUsd: money(15),
  tokens: fc.nat(40),
});
const beginning = fc.record({ do: fc.constant('begin' as const), isFirst: fc.boolean() });
const learning = fc.record({
  do: fc.constant('learn' as const),
  keyId: key,
  spent: spent(fc.oneof(money(12), fc.constant(microUsd(HUGE))), 4),
});
/** The ends of what lasts, and a moment before. */
const waiting = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(0, 1, 9_999, 60_000, LIFETIME_MS - 1, LIFETIME_MS, REFRESH_MS),
});
const forgetting = fc.record({ do: fc.constant('forget' as const) });

const command = fc.oneof(
  { weight: 16, arbitrary: reserving },
  { weight: 8, arbitrary: settling },
  { weight: 1, arbitrary: beginning },
  { weight: 2, arbitrary: learning },
  { weight: 4, arbitrary: waiting },
  { weight: 1, arbitrary: forgetting },
);
/** What a tenant does first. */
const start = fc.tuple(
  fc.record({ do: fc.constant('begin' as const), isFirst: fc.constant(true) }),
  fc.record({
    do: fc.constant('learn' as const),
    keyId: fc.constant('abcdefgh'),
    spent: spent(money(12), 20),
  }),
  reserving,
);
const commands = fc
  .tuple(fc.oneof(start, start, fc.constant([])), fc.array(command, { maxLength: 60, size: 'max' }))
  .map(([first, more]) => [...first, ...more]);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

const SMALL_LEASE: Command = {
  do: 'reserve',
  keyId: 'abcdefgh',
  budgets: [{ scope: 'key', period: 'total', limitMicroUsd: microUsd(80) }],
  limits: {},
  tenantLimits: {},
  costMicroUsd: microUsd(1),
  tokens: 0,
  lastsMs: 1,
};
const MORE_EXPIRED_THAN_TOLD: Command[] = [
  { do: 'begin', isFirst: true },
  { do: 'learn', keyId: 'abcdefgh', spent: Array(6).fill(microUsd(0)) },
  ...Array(12).fill(SMALL_LEASE),
  { do: 'wait', ms: LIFETIME_MS },
  SMALL_LEASE,
];

/** The account of one tenant. */
function createModel(): BudgetStore {
  let account = EMPTY_ACCOUNT;
  const next = <Reply>([changed, reply]: readonly [typeof account, Reply]): Reply => {
    account = changed;
    return reply;
  };
  return {
    reserve: async (reservation) => next(reserve(account, reservation)),
    settle: async (end) => next(settle(account, end)),
    begin: async (_, since) => next([begin(account, since), undefined]),
    learn: async (lesson) => next([learn(account, lesson), undefined]),
    read: async (of) => read(account, of),
  };
}

describe.each(ENGINES.filter(({ missing }) => !missing))('on $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());
  const forget = () => engine.redis.call(['FLUSHALL']);

  it('the scripts answer every sequence of commands as the model does', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (each) => {
        await forget();
        await compare(each);
      }),
      { numRuns: 80, examples: [[MORE_EXPIRED_THAN_TOLD]] },
    );
  }, 120_000);

  async function compare(sequence: readonly Command[]) {
    const inRedis = createRedisBudgetStore(scriptsOn(engine.redis));
    let model = createModel();
    const made: Reservation[] = [];
    // The day after tomorrow, so that no period is over before its keys are looked at.
    let now = Date.now() + 2 * 86_400_000;
    const place = (keyId: string) => ({ tenantId: 'shop', keyId, receivedAt: now });
    const both = async (ask: (store: BudgetStore) => Promise<unknown>) =>
      expect(await ask(inRedis)).toEqual(await ask(model));

    for (const step of sequence) {
      switch (step.do) {
        case 'reserve': {
          const reservation: Reservation = {
            ...step,
            ...place(step.keyId),
            requestId: `request-${String(made.length).padStart(2, '0')}`,
            now,
            endsAt: now + step.lastsMs,
            expiresAt: now + step.lastsMs + 10,
            lifetimeMs: LIFETIME_MS,
            learnedSince: now - REFRESH_MS,
          };
          made.push(reservation);
          await both((store) => store.reserve(reservation));
          break;
        }
        case 'settle': {
          const lease = made.at(-1 - step.back);
          if (lease) await both((store) => store.settle({ ...lease, ...step }));
          break;
        }
        case 'begin':
          await both((store) => store.begin('shop', step.isFirst ? 0 : now));
          break;
        case 'learn':
          await both((store) =>
            store.learn({ ...place(step.keyId), now, lifetimeMs: LIFETIME_MS, spent: step.spent }),
          );
          break;
        case 'wait':
          now += step.ms;
          break;
        case 'forget':
          await forget();
          model = createModel();
      }
      for (const keyId of ['abcdefgh', 'ijklmnop']) {
        await both((store) => store.read(place(keyId)));
      }
    }
  }
});
