/** One request explained: from its row to who asked, what was decided, what was tried, and what it cost. */
import { formatUsd, type MicroUsd } from '../contract/money.ts';
import type { Limits } from '../contract/principal.ts';
import type { StoredKey, StoredTenant } from '../identity/key-store.ts';
import type { FinalRow, RequestLogRow } from '../ledger/request-log.ts';
import { shownBudgets } from './budget-body.ts';
import { reasonOf, summaryOf } from './receipt-sentences.ts';

type Attempt = FinalRow['attempts'][number];

/** What the key and its tenant are by now, which may be more than the row knows. */
export interface Owner {
  readonly key: StoredKey | undefined;
  readonly tenant: StoredTenant | undefined;
  readonly defaultLimits: Limits;
}

export function receiptOf(row: RequestLogRow, owner: Owner) {
  const end = row.outcome === 'open' ? undefined : row;
  const receivedAt = Date.parse(row.timestamp);
  const attempts = end?.attempts ?? [];
  return {
    requestId: row.requestId,
    clientRequestId: row.clientRequestId,
    traceId: row.traceId,
    timestamp: row.timestamp,
    summary: summaryOf(row),
    outcome: row.outcome,
    success: end?.success,
    httpStatus: end?.httpStatus,
    identity: {
      tenant: row.tenantId,
      keyId: row.keyId,
      keyName: owner.key?.name,
      userId: row.userId,
      metadata: row.metadata,
    },
    request: { endpoint: row.endpoint, model: row.model, stream: row.stream },
    cache: { decision: row.cache, replayOf: end?.replayOf },
    limits: limitsOf(owner),
    plan: row.plan ?? [],
    attempts: attempts.map((attempt, index) => ({
      number: index + 1,
      ...shownAttempt(attempt, receivedAt),
      costUsd: end && index === attempts.length - 1 ? costOf(attempt, end) : undefined,
    })),
    answeredBy: end?.provider && { provider: end.provider, model: end.upstreamModel },
    tokens: end && tokensOf(end),
    money: moneyOf(row, end),
    time: end && timeOf(end),
    timeline: timelineOf(row),
    error: end?.errorCode && { code: end.errorCode, message: end.errorMessage },
  };
}

/** As they are now: a row does not keep what was set when its request came. */
const limitsOf = ({ key, tenant, defaultLimits }: Owner) => ({
  asOf: 'now',
  key: key ? (key.limits ?? defaultLimits) : {},
  tenant: tenant?.limits ?? {},
  keyBudgets: shownBudgets(key?.budgets ?? []),
  tenantBudgets: shownBudgets(tenant?.budgets ?? []),
});

const shownAttempt = ({ startedAt, ...attempt }: Attempt, receivedAt: number) => ({
  ...attempt,
  startedAfterMs: Math.max(0, startedAt - receivedAt),
  reason: reasonOf(attempt.outcome),
});

/** Of the attempt whose answer was delivered; what others have cost is known only together. */
const costOf = ({ provider, model }: Attempt, end: FinalRow): string | undefined =>
  provider === end.provider && model === end.upstreamModel
    ? formatUsd(end.costMicroUsd)
    : undefined;

/** By kind; what nobody told is absent. */
function tokensOf(end: FinalRow) {
  const { promptTokens, cacheReadTokens, cacheWriteTokens, completionTokens, tokens } = end;
  return {
    uncachedInput: promptTokens && promptTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0),
    cacheRead: cacheReadTokens,
    cacheWrite: cacheWriteTokens,
    output: completionTokens,
    reasoningWithinOutput: end.reasoningTokens,
    total: tokens,
    counted: end.usageStatus,
  };
}

const moneyOf = (row: RequestLogRow, end: FinalRow | undefined) => ({
  costUsd: usd(end?.costMicroUsd),
  costStatus: end?.costStatus,
  reservedUsd: usd(row.reservedMicroUsd),
  savedUsd: usd(end?.savedMicroUsd),
  gatewayCostUsd: usd(end?.gatewayCostMicroUsd),
});

const usd = (amount: MicroUsd | undefined): string | undefined =>
  amount === undefined ? undefined : formatUsd(amount);

/** Overhead is what neither providers nor waits for them explain. */
function timeOf({ latency, ttftMs, attempts }: FinalRow) {
  const upstreamMs = sum(attempts.map(({ ms }) => ms));
  const waitedMs = sum(attempts.map(({ waitMs = 0 }) => waitMs));
  const overheadMs = Math.max(0, latency - upstreamMs - waitedMs);
  return { totalMs: latency, upstreamMs, waitedMs, overheadMs, ttftMs };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** What happened when, in ms since the request arrived. */
function timelineOf(row: RequestLogRow) {
  const received = { atMs: 0, event: 'received' };
  if (row.outcome === 'open') return [received];
  const receivedAt = Date.parse(row.timestamp);
  const attempts = row.attempts.flatMap((attempt, index) => {
    const startedMs = Math.max(0, attempt.startedAt - receivedAt);
    const name = `attempt ${index + 1}`;
    const target = `${attempt.provider}/${attempt.model}`;
    return [
      { atMs: startedMs, event: `${name}: ${target} called` },
      ...(attempt.firstTokenMs === undefined
        ? []
        : [{ atMs: startedMs + attempt.firstTokenMs, event: `${name}: first content` }]),
      { atMs: startedMs + attempt.ms, event: `${name}: ${attempt.outcome}` },
    ];
  });
  return [received, ...attempts, { atMs: row.latency, event: row.outcome }];
}
