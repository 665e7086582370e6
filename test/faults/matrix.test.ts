/** Every fault of a provider, through the real edge and core: what the client, the provider and the log row see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FinalRow } from '../../core/ledger/request-log.ts';
import { ask, type Seen } from '../support/fault-client.ts';
import { type FaultProvider, startFaultProvider } from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { answerTo, CASES, configOf, type FaultCase } from './fault-case.ts';
import {
  type Wanted,
  wantedAttempts,
  wantedCalls,
  wantedOf,
  wantedOfClient,
  wantedOfRow,
} from './wanted.ts';

/** A connection that nobody needs any more is closed within this time. */
const CLOSED_WITHIN_MS = 2_000;

let upstream: FaultProvider;
let stack: FaultStack;

const gates = new Map<FaultCase, PromiseWithResolvers<void>>(
  CASES.map((each) => [each, Promise.withResolvers<void>()]),
);

beforeAll(async () => {
  upstream = await startFaultProvider((call) =>
    answerTo(call, async (each) => {
      if (each.mode === 'stream') await gates.get(each)?.promise;
    }),
  );
  stack = await startFaultStack(configOf(upstream));
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

describe.concurrent('the fault matrix', () => {
  it.for(CASES.map((each) => [each.name, each] as const))('%s', async ([, each], { expect }) => {
    const wanted = wantedOf(each);
    const { asked: model, mode, row } = each;
    const onContent = gates.get(each)?.resolve;
    const seen = await ask(stack, { model, mode, id: model, ...(onContent && { onContent }) });
    expect(sideOfClient(seen)).toEqual(wantedOfClient(each, wanted));

    const { faulty, other } = callsOf(each);
    expect({ faulty: faulty.length, other: other.length }).toEqual(wantedCalls(each, wanted));
    const closing = Promise.all([...faulty, ...other].map(({ closed }) => closed));
    expect(await within(CLOSED_WITHIN_MS, closing)).not.toBe('late');
    // F17: whoever takes over gets the client's messages, and nothing of another answer to go on with.
    for (const { request } of [...faulty, ...other])
      expect(request.body).not.toContain('assistant');

    const final = await stack.finalRow(model);
    expect(final.requestId).toBe(seen.headers.get('x-request-id'));
    expect(sideOfRow(final)).toEqual(wantedOfRow(each, wanted));
    expect(final.attempts).toMatchObject(wantedAttempts(each, wanted));
    const [first, second] = final.attempts;
    const waited = (second?.startedAt ?? 0) - (first?.startedAt ?? 0);
    if (row.waitMs && !each.other) expect(waited).toBeGreaterThanOrEqual(row.waitMs);
    expect(seen.raw + JSON.stringify(final)).not.toContain('canary');
    if (row.closesTarget && !each.other) await expectNoCall(each, wanted);
  });
});

/** After the others: none of them may have left a second row, or one that is still open. */
it('every request has exactly one row, and it is final', () => {
  expect(stack.log.rows().filter(({ outcome }) => outcome === 'open')).toEqual([]);
  expect(CASES.filter(({ asked }) => stack.finalRows(asked).length !== 1)).toEqual([]);
});

function sideOfClient({ status, text, finishReason, usage, error, headers }: Seen) {
  expect(headers.get('retry-after')).toBe(error?.retryAfter?.toString() ?? null);
  return {
    status,
    text,
    code: error?.code,
    finishReason,
    tokens: usage?.total_tokens,
    ...(headers.has('x-gateway-provider') && {
      provider: headers.get('x-gateway-provider'),
      model: headers.get('x-gateway-model'),
      attempts: headers.get('x-gateway-attempts'),
    }),
  };
}

const sideOfRow = (row: FinalRow) => ({
  outcome: row.outcome,
  success: row.success,
  httpStatus: row.httpStatus,
  errorCode: row.errorCode,
  tokens: row.tokens,
  costStatus: row.costStatus,
  costMicroUsd: row.costMicroUsd,
});

const callsOf = ({ provider, model, other, asked }: FaultCase) => ({
  faulty: upstream.callsOf(provider, model),
  other: other ? upstream.callsOf(other, asked) : [],
});

async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function expectNoCall(each: FaultCase, { status, code }: Wanted): Promise<void> {
  const before = callsOf(each).faulty.length;
  const seen = await ask(stack, {
    model: each.asked,
    mode: each.mode,
    id: `${each.asked}-again`,
    headers: { 'x-gateway-timeout-ms': '1000' },
  });
  expect([seen.status, seen.error?.code]).toEqual([status, code]);
  expect(callsOf(each).faulty).toHaveLength(before);
}
