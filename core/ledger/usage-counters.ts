/** What was used and spent, added up as rows become final: the totals can be had without reading the log. */
import { type MicroUsd, microUsd } from '../contract/money.ts';
import type { FinalRow } from './request-log.ts';

/** What is counted apart. The day is that of the request's arrival, in UTC (`yyyy-mm-dd`). */
export interface UsageKey {
  readonly tenant: string;
  readonly day: string;
  readonly key: string;
  /** Who answered; `-` where nobody did. */
  readonly provider: string;
  /** As clients name it; `-` for a request that was rejected, whose model may not exist. */
  readonly model: string;
}

export interface UsageTotals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: MicroUsd;
  readonly savedMicroUsd: MicroUsd;
  readonly cacheHits: number;
  /** Requests whose row is not a success. */
  readonly errors: number;
}

export interface UsagePeriod {
  /** Days in UTC, both inclusive. */
  readonly from: string;
  readonly to: string;
}

export interface SpendQuery extends UsagePeriod {
  readonly tenantId: string;
  /** Of all keys of the tenant if absent. */
  readonly keyId?: string;
}

export interface UsageQuery extends UsagePeriod {
  readonly groupBy: keyof UsageKey;
  /** All tenants if absent. */
  readonly tenantId?: string;
}

export interface UsageGroup extends UsageTotals {
  readonly group: string;
}

export interface UsageCounters {
  /** Knows every row that was final when it was asked. */
  spent(query: SpendQuery): Promise<MicroUsd>;
  /** In the order of their names. */
  groupBy(query: UsageQuery): Promise<readonly UsageGroup[]>;
}

export interface UsageEntry {
  readonly of: UsageKey;
  readonly totals: UsageTotals;
}

const NONE = '-';

export const usageOf = (row: FinalRow): UsageEntry => ({
  of: {
    tenant: row.tenantId,
    day: row.timestamp.slice(0, 10),
    key: row.keyId,
    provider: row.provider ?? NONE,
    model: row.outcome === 'rejected' ? NONE : row.model,
  },
  totals: {
    requests: 1,
    inputTokens: row.promptTokens ?? 0,
    outputTokens: row.completionTokens ?? 0,
    costMicroUsd: row.costMicroUsd,
    savedMicroUsd: row.savedMicroUsd ?? microUsd(0),
    cacheHits: Number(row.cache === 'HIT'),
    errors: Number(!row.success),
  },
});

export const spendIn = (
  usages: readonly UsageEntry[],
  { keyId }: Pick<SpendQuery, 'keyId'>,
): MicroUsd =>
  microUsd(
    usages
      .filter(({ of }) => keyId === undefined || of.key === keyId)
      .reduce((sum, { totals }) => sum + totals.costMicroUsd, 0),
  );

export function groupUsages(
  usages: readonly UsageEntry[],
  groupBy: UsageQuery['groupBy'],
): readonly UsageGroup[] {
  const groups = new Map<string, UsageTotals>();
  for (const { of, totals } of usages) {
    const known = groups.get(of[groupBy]);
    groups.set(of[groupBy], known ? add(known, totals) : totals);
  }
  return [...groups]
    .map(([group, totals]) => ({ group, ...totals }))
    .sort((a, b) => Number(a.group > b.group) - Number(a.group < b.group));
}

const add = (a: UsageTotals, b: UsageTotals): UsageTotals => ({
  requests: a.requests + b.requests,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costMicroUsd: microUsd(a.costMicroUsd + b.costMicroUsd),
  savedMicroUsd: microUsd(a.savedMicroUsd + b.savedMicroUsd),
  cacheHits: a.cacheHits + b.cacheHits,
  errors: a.errors + b.errors,
});
