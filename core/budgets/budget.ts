/** Budgets and the periods they hold for, in UTC. A request belongs to the periods in which it was received. */
import type { MicroUsd } from '../contract/money.ts';
import type { Budget } from '../contract/principal.ts';

type Scope = Budget['scope'];
type Period = Budget['period'];

/** The six budgets that a request can be under; everywhere else they are lists in this order. */
export const BUDGET_PLACES = [
  { scope: 'key', period: 'day' },
  { scope: 'key', period: 'month' },
  { scope: 'key', period: 'total' },
  { scope: 'tenant', period: 'day' },
  { scope: 'tenant', period: 'month' },
  { scope: 'tenant', period: 'total' },
] as const satisfies readonly { readonly scope: Scope; readonly period: Period }[];

/** Who limits of tokens and of concurrency hold for; everywhere else they are lists in this order. */
export const OWNERS = ['key', 'tenant'] as const;

/** Whose money, and epoch ms of when the request was received. */
export interface BudgetMoment {
  readonly keyId: string;
  readonly receivedAt: number;
}

export interface PeriodBounds {
  /** Days as yyyy-mm-dd, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Epoch ms of the next period's first instant; undefined for `total`, which never ends. */
  readonly renewsAt: number | undefined;
}

const DAY_MS = 86_400_000;

/** The limits by place; of two for the same place, the smaller. */
export const limitsByPlace = (budgets: readonly Budget[]): readonly (MicroUsd | undefined)[] =>
  BUDGET_PLACES.map(
    ({ scope, period }) =>
      budgets
        .filter((budget) => budget.scope === scope && budget.period === period)
        .toSorted((a, b) => a.limitMicroUsd - b.limitMicroUsd)[0]?.limitMicroUsd,
  );

/** A name for each of the six, by place: unlike for any other key or period of the tenant. */
export const budgetNames = ({ keyId, receivedAt }: BudgetMoment): readonly string[] =>
  BUDGET_PLACES.map(({ scope, period }) => {
    const owner = scope === 'key' ? `key:${keyId}` : 'tenant';
    return `${owner}:${NAME_OF[period](dayOf(receivedAt))}`;
  });

const NAME_OF: Readonly<Record<Period, (day: string) => string>> = {
  day: (day) => day,
  month: (day) => day.slice(0, 7),
  total: () => 'total',
};

export function periodBounds(period: Period, at: number): PeriodBounds {
  const day = dayOf(at);
  const [year = 0, month = 0] = day.split('-').map(Number);
  switch (period) {
    case 'day':
      return { from: day, to: day, renewsAt: Date.parse(day) + DAY_MS };
    case 'month': {
      const renewsAt = Date.UTC(year, month);
      return { from: `${day.slice(0, 7)}-01`, to: dayOf(renewsAt - DAY_MS), renewsAt };
    }
    case 'total':
      return { from: '0000-01-01', to: '9999-12-31', renewsAt: undefined };
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
