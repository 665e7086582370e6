import type * as z from 'zod';
import { budgetSchema, pageOf, usageSchema } from '../answers.ts';
import type { Command } from '../command.ts';
import { withQuery } from '../paths.ts';
import { type Column, table } from '../table.ts';
import { count, time, usd } from '../view.ts';

type Budget = z.infer<typeof budgetSchema>;
type Usage = z.infer<typeof usageSchema>['data'][number];

export const budgets: Command = {
  name: 'budgets',
  takes: [],
  does: 'show what is spent and reserved of every budget',
  options: { tenant: { value: 'TENANT', does: 'only those of one tenant and its keys' } },
  async run(call) {
    const path = withQuery('/budgets', { tenant: call.option('tenant') });
    const { body } = await call.client.send({ method: 'GET', path }, pageOf(budgetSchema));
    const none = 'No budget is set; "keys limit" and "tenants set" set one with --budget.';
    return {
      json: body,
      text: (view) => (body.data.length > 0 ? table(body.data, BUDGET_COLUMNS, view) : none),
    };
  },
};

/** Whole percents; what may not be spent at all is used up. */
function percentOf({ spentUsd, limitUsd }: Budget): number {
  const [spent = 0, limit = 0] = [spentUsd, limitUsd].map((usd) => Math.round(Number(usd) * 1e6));
  return limit > 0 ? Math.floor((spent * 100) / limit) : 100;
}

const BUDGET_COLUMNS: readonly Column<Budget>[] = [
  { title: 'Of', cell: ({ scope, id }) => `${scope} ${id}`, whole: true },
  { title: 'Period', cell: ({ period }) => period },
  { title: 'Limit', cell: ({ limitUsd }) => usd(limitUsd), align: 'right' },
  { title: 'Spent', cell: ({ spentUsd }) => usd(spentUsd), align: 'right' },
  {
    title: 'Used',
    cell: (budget) => `${percentOf(budget)} %`,
    align: 'right',
    style: (budget) => {
      if (percentOf(budget) >= 100) return 'red';
      return percentOf(budget) >= 80 ? 'yellow' : 'green';
    },
  },
  { title: 'Reserved', cell: ({ reservedUsd }) => usd(reservedUsd), align: 'right', rank: 2 },
  { title: 'Renews (UTC)', cell: ({ renewsAt }) => time(renewsAt) || 'never', rank: 1 },
  { title: 'Tenant', cell: ({ tenant }) => tenant, rank: 3 },
];

export const usage: Command = {
  name: 'usage',
  takes: [],
  does: 'add up requests, tokens and cost of the last 30 days',
  options: {
    by: { value: 'WHAT', does: 'tenant, key, model, provider or day; day unless given' },
    from: { value: 'DAY', does: 'the first day, such as 2026-03-01' },
    to: { value: 'DAY', does: 'the last day; today unless given' },
    tenant: { value: 'TENANT', does: 'only that of one tenant' },
  },
  async run(call) {
    const groupBy = call.option('by') ?? 'day';
    const [from, to, tenant] = ['from', 'to', 'tenant'].map(call.option);
    const path = withQuery('/usage', { groupBy, from, to, tenant });
    const { body } = await call.client.send({ method: 'GET', path }, usageSchema);
    const period = `${body.from} to ${body.to}`;
    return {
      json: body,
      text: (view) =>
        body.data.length > 0
          ? `${table(body.data, usageColumns(groupBy), view)}\n\n${view.paint('dim', period)}`
          : `Nothing was used from ${period}.`,
    };
  },
};

const usageColumns = (groupBy: string): readonly Column<Usage>[] => [
  { title: groupBy.replace(/^./, (letter) => letter.toUpperCase()), cell: ({ group }) => group },
  { title: 'Requests', cell: ({ requests }) => count(requests), align: 'right' },
  {
    title: 'Errors',
    cell: ({ errors }) => count(errors),
    align: 'right',
    style: ({ errors }) => (errors > 0 ? 'red' : undefined),
    rank: 2,
  },
  { title: 'Input tokens', cell: ({ inputTokens }) => count(inputTokens), align: 'right', rank: 1 },
  {
    title: 'Output tokens',
    cell: ({ outputTokens }) => count(outputTokens),
    align: 'right',
    rank: 1,
  },
  { title: 'Cache hits', cell: ({ cacheHits }) => count(cacheHits), align: 'right', rank: 3 },
  { title: 'Saved', cell: ({ savedUsd }) => usd(savedUsd), align: 'right', rank: 3 },
  { title: 'Cost', cell: ({ costUsd }) => usd(costUsd), align: 'right', style: () => 'bold' },
];
