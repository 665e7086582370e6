/**
 * What a tenant has reserved and spent, as a value, and what each command of the store makes of it: the
 * specification of the scripts in Redis, which the tests compare with it command by command.
 */
import { type MicroUsd, microUsd } from '../contract/money.ts';
import { budgetNames, limitsByPlace, OWNERS } from './budget.ts';
import type {
  AccountMoment,
  BudgetReading,
  ExpiredLease,
  ExpiredLeases,
  LeaseEnd,
  Lesson,
  Reservation,
  ReserveReply,
  SettleReply,
} from './budget-store.ts';

interface Held extends BudgetReading {
  /** Epoch ms of when the truth was last read. */
  readonly learnedAt: number;
}

interface Window {
  readonly minute: number;
  readonly tokens: number;
}

interface Lease {
  readonly name: ExpiredLease;
  readonly costMicroUsd: MicroUsd;
  /** What it is under, by name; empty without a budget. */
  readonly budgets: readonly string[];
  /** What it took of each window, by name. */
  readonly tokens: ByName<number>;
  readonly owners: readonly string[];
  readonly expiresAt: number;
}

type ByName<Value> = Readonly<Record<string, Value>>;

export interface Account {
  /** Epoch ms; undefined while nothing is known. */
  readonly since: number | undefined;
  readonly budgets: ByName<Held>;
  readonly windows: ByName<Window>;
  /** By owner, when the place of each request falls back. */
  readonly places: ByName<ByName<number>>;
  readonly leases: ByName<Lease>;
}

export const EMPTY_ACCOUNT: Account = {
  since: undefined,
  budgets: {},
  windows: {},
  places: {},
  leases: {},
};

const MAX_EXPIRED = 10;
const MINUTE_MS = 60_000;

export function reserve(account: Account, request: Reservation): readonly [Account, ReserveReply] {
  const demand = demandOf(account, request);
  const refusal =
    refuseByMemory(account, request, demand) ??
    refuseByBudget(account, request, demand) ??
    refuseByLimits(demand);
  if (refusal) return [account, refusal];
  const tokensUsed = OWNERS.map((_, owner) => {
    const window = demand.windows.find((each) => each.owner === owner);
    return window ? window.used + window.needed : 0;
  });
  const expired = demand.budgets.length > 0 ? expiredLeases(account, request.now) : [];
  return [take(account, request, demand), { kind: 'admitted', tokensUsed, expired }];
}

export function settle(account: Account, end: LeaseEnd): readonly [Account, SettleReply] {
  const { [end.requestId]: lease, ...leases } = account.leases;
  if (!lease) return [account, { kind: 'unknown' }];
  const settled: Account = {
    ...account,
    leases,
    // Also what began before a budget was set is spent under it.
    budgets: change(account.budgets, budgetNames(end), (held, name) => ({
      ...held,
      spentMicroUsd: microUsd(held.spentMicroUsd + end.costMicroUsd),
      reservedMicroUsd: microUsd(
        held.reservedMicroUsd - (lease.budgets.includes(name) ? lease.costMicroUsd : 0),
      ),
    })),
    windows: change(account.windows, Object.keys(lease.tokens), (window, name) => ({
      ...window,
      tokens: window.tokens + end.tokens - (lease.tokens[name] ?? 0),
    })),
    places: change(account.places, lease.owners, ({ [end.requestId]: _, ...others }) => others),
  };
  const isBudgeted = lease.budgets.length > 0;
  return [
    settled,
    { kind: 'settled', reservedMicroUsd: isBudgeted ? lease.costMicroUsd : undefined },
  ];
}

export const begin = (account: Account, since: number): Account => ({
  ...account,
  since: account.since ?? since,
});

export function learn(account: Account, lesson: Lesson): Account {
  const { since } = account;
  if (since === undefined || lesson.now < since + lesson.lifetimeMs) return account;
  const learned = budgetNames(lesson).flatMap((name, place) => {
    const spent = lesson.spent[place];
    const held = account.budgets[name];
    if (spent === undefined || (held && held.reservedMicroUsd > 0)) return [];
    const spentMicroUsd = held && held.spentMicroUsd > spent ? held.spentMicroUsd : spent;
    return [
      [name, { spentMicroUsd, reservedMicroUsd: microUsd(0), learnedAt: lesson.now }] as const,
    ];
  });
  return { ...account, budgets: { ...account.budgets, ...Object.fromEntries(learned) } };
}

export function read(
  { budgets }: Account,
  of: AccountMoment,
): readonly (BudgetReading | undefined)[] {
  return budgetNames(of).map((name) => {
    const held = budgets[name];
    if (!held) return undefined;
    const { learnedAt: _, ...reading } = held;
    return reading;
  });
}

type Demand = ReturnType<typeof demandOf>;

/** What the request asks for where there is a limit, beside what there is. */
function demandOf(account: Account, request: Reservation) {
  const names = budgetNames(request);
  const owners = [
    { name: `key:${request.keyId}`, limits: request.limits },
    { name: 'tenant', limits: request.tenantLimits },
  ];
  const minute = Math.floor(request.receivedAt / MINUTE_MS);
  return {
    budgets: limitsByPlace(request.budgets).flatMap((limit, place) => {
      const name = names[place];
      if (limit === undefined || name === undefined) return [];
      return { place, name, limit, held: account.budgets[name] };
    }),
    windows: owners.flatMap(({ name: owner, limits: { tokensPerMinute: limit } }, index) => {
      if (limit === undefined) return [];
      const name = `${owner}:${minute}`;
      const used = account.windows[name]?.tokens ?? 0;
      // What can never fit takes the whole of an unused window.
      return { owner: index, name, minute, limit, used, needed: Math.min(request.tokens, limit) };
    }),
    places: owners.flatMap(({ name, limits: { maxConcurrency: limit } }, index) => {
      if (limit === undefined) return [];
      const ends = Object.entries(account.places[name] ?? {});
      const live = Object.fromEntries(ends.filter(([, end]) => end > request.now));
      return { owner: index, name, limit, live };
    }),
  };
}

function refuseByMemory(
  { since }: Account,
  { now, lifetimeMs, learnedSince }: Reservation,
  { budgets }: Demand,
): ReserveReply | undefined {
  if (budgets.length === 0) return undefined;
  if (since === undefined) return { kind: 'forgotten' };
  const until = since + lifetimeMs;
  if (now < until) return { kind: 'recalling', until };
  const unknown = budgets.filter(
    ({ held }) => !held || (held.reservedMicroUsd === 0 && held.learnedAt < learnedSince),
  );
  if (unknown.length === 0) return undefined;
  return { kind: 'unknown', places: unknown.map(({ place }) => place) };
}

function refuseByBudget(
  account: Account,
  request: Reservation,
  { budgets }: Demand,
): ReserveReply | undefined {
  for (const { place, limit, held } of budgets) {
    const { spentMicroUsd, reservedMicroUsd } = held ?? NOTHING;
    if (spentMicroUsd + reservedMicroUsd + request.costMicroUsd > limit) {
      const expired = expiredLeases(account, request.now);
      return { kind: 'over-budget', place, spentMicroUsd, reservedMicroUsd, expired };
    }
  }
  return undefined;
}

const NOTHING = { spentMicroUsd: microUsd(0), reservedMicroUsd: microUsd(0) };

function refuseByLimits({ windows, places }: Demand): ReserveReply | undefined {
  const full = windows.find(({ used, needed, limit }) => used + needed > limit);
  if (full) return { kind: 'over-tokens', owner: full.owner, tokensUsed: full.used };
  const crowded = places.find(({ live, limit }) => Object.keys(live).length >= limit);
  return crowded && { kind: 'over-concurrency', owner: crowded.owner };
}

function take(
  account: Account,
  { requestId, keyId, receivedAt, costMicroUsd, endsAt, expiresAt }: Reservation,
  { budgets, windows, places }: Demand,
): Account {
  const lease: Lease = {
    name: { requestId, keyId, receivedAt },
    costMicroUsd,
    budgets: budgets.map(({ name }) => name),
    tokens: Object.fromEntries(windows.map(({ name, needed }) => [name, needed])),
    owners: places.map(({ name }) => name),
    expiresAt,
  };
  const taken = windows.map(({ name, minute, used, needed }) => [
    name,
    { minute, tokens: used + needed },
  ]);
  const live = places.map(({ name, live }) => [name, { ...live, [requestId]: endsAt }]);
  return {
    ...account,
    budgets: change(account.budgets, lease.budgets, (held) => ({
      ...held,
      reservedMicroUsd: microUsd(held.reservedMicroUsd + costMicroUsd),
    })),
    windows: { ...account.windows, ...Object.fromEntries(taken) },
    places: { ...account.places, ...Object.fromEntries(live) },
    leases: { ...account.leases, [requestId]: lease },
  };
}

/** Without a budget there is nothing to decide. */
const expiredLeases = ({ leases }: Account, now: number): ExpiredLeases =>
  Object.values(leases)
    .filter(({ budgets, expiresAt }) => budgets.length > 0 && expiresAt <= now)
    .toSorted((a, b) => a.expiresAt - b.expiresAt || compare(a.name.requestId, b.name.requestId))
    .slice(0, MAX_EXPIRED)
    .map(({ name }) => name);

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** The entries of these names changed, those that are there. */
function change<Value>(
  all: ByName<Value>,
  names: readonly string[],
  to: (value: Value, name: string) => Value,
): ByName<Value> {
  const changed = names.flatMap((name) => {
    const value = all[name];
    return value === undefined ? [] : [[name, to(value, name)] as const];
  });
  return { ...all, ...Object.fromEntries(changed) };
}
