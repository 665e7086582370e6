/** What the client, the providers and the log row should see of a case. */
import { expect } from 'vitest';
import type { FinalRow } from '../../core/ledger/request-log.ts';
import { WIRES } from '../support/fault-wire.ts';
import { COST, type FaultCase, OTHER_TEXT } from './fault-case.ts';
import { all, half } from './rows/fault-row.ts';

export interface Wanted {
  readonly status: number;
  readonly outcome: FinalRow['outcome'];
  readonly code?: string;
  readonly text: string;
  /** Attempts that fail at the faulty provider. */
  readonly failures: number;
  readonly answeredBy?: 'faulty' | 'other';
}

export function wantedOf({ row, mode, other }: FaultCase): Wanted {
  const { attempt, alone, isAfterContent, isRequestAtFault } = row;
  if (attempt && isAfterContent && mode === 'stream') {
    const code = 'upstream_stream_interrupted';
    return { status: 200, outcome: 'partial', code, text: half(1), failures: 1 };
  }
  if (attempt && other && !isRequestAtFault) {
    const text = OTHER_TEXT;
    return { status: 200, outcome: 'success', text, failures: 1, answeredBy: 'other' };
  }
  const { calls, status, code } = alone;
  if (status && code) return { status, outcome: 'failed', code, text: '', failures: calls };
  const text = all(calls);
  return { status: 200, outcome: 'success', text, failures: calls - 1, answeredBy: 'faulty' };
}

export function wantedOfClient(each: FaultCase, wanted: Wanted) {
  const { status, text, code, failures, answeredBy } = wanted;
  const { other, asked, provider, model } = each;
  const who = answeredBy === 'other' ? { provider: other, model: asked } : { provider, model };
  const attempts = String(failures + (answeredBy ? 1 : 0));
  return {
    status,
    text,
    code,
    finishReason: finishOf(each, wanted),
    tokens: answeredBy ? tokensIf(isReported(each, wanted)) : undefined,
    ...(status === 200 && { ...who, attempts }),
  };
}

function finishOf({ row }: FaultCase, { answeredBy }: Wanted): string | undefined {
  if (!answeredBy) return undefined;
  return (answeredBy === 'faulty' ? row.finishReason : undefined) ?? 'stop';
}

/** How often the faulty and the other provider are called. */
export const wantedCalls = ({ row }: FaultCase, { failures, answeredBy }: Wanted) => ({
  faulty: row.url ? 0 : failures + (answeredBy === 'faulty' ? 1 : 0),
  other: answeredBy === 'other' ? 1 : 0,
});

/** Answers that the provider has not counted are counted by the gateway, and so are parts of answers. */
export function wantedOfRow(each: FaultCase, wanted: Wanted) {
  const { status, outcome, code, answeredBy } = wanted;
  const isCounted = outcome === 'failed' || isReported(each, wanted);
  return {
    outcome,
    success: outcome === 'success',
    httpStatus: status,
    errorCode: code,
    tokens: outcome === 'failed' ? undefined : tokensIf(isCounted),
    costStatus: isCounted ? 'exact' : 'estimated',
    costMicroUsd: isCounted ? costOf(answeredBy) : expect.any(Number),
  };
}

const costOf = (answeredBy: Wanted['answeredBy']): number => (answeredBy ? COST[answeredBy] : 0);

export const wantedAttempts = (each: FaultCase, { failures, answeredBy }: Wanted) => [
  ...Array.from({ length: failures }, () => wantedAttempt(each)),
  ...(answeredBy ? [{ outcome: 'answered' }] : []),
];

const isReported = ({ row }: FaultCase, { answeredBy }: Wanted): boolean =>
  answeredBy === 'other' || (answeredBy === 'faulty' && !row.hasNoUsage);

const tokensIf = (isCounted: boolean) => (isCounted ? 15 : expect.any(Number));

function wantedAttempt({ row: { attempt }, provider, model, kind }: FaultCase) {
  if (!attempt) throw new Error('A fault without harm has no failed attempt.');
  const { trouble, ...told } = attempt;
  return {
    provider,
    model,
    ...told,
    ...(trouble && { upstreamCode: WIRES[kind].troubles[trouble].code }),
  };
}
