/** From what is known of a request to its row. */

import type { AttemptRecord } from '../attempts/attempt-record.ts';
import type { Usage } from '../contract/chat.ts';
import type { Fault } from '../contract/fault.ts';
import type { MicroUsd } from '../contract/money.ts';
import type { Principal } from '../contract/principal.ts';
import type { FinalRow, OpenRow } from './request-log.ts';

export interface RequestFacts {
  readonly requestId: string;
  readonly clientRequestId?: string | undefined;
  readonly principal: Principal;
  readonly endpoint: string;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  /** What the edge did before it asked. */
  readonly cache: 'MISS' | 'BYPASS';
  /** The targets in the order in which they were to be tried, as `provider/model`. */
  readonly plan?: readonly string[] | undefined;
  /** Epoch ms. */
  readonly receivedAt: number;
}

export interface Settlement {
  readonly outcome: FinalRow['outcome'];
  readonly httpStatus: number;
  readonly attempts: readonly AttemptRecord[];
  readonly provider?: string | undefined;
  readonly upstreamModel?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: MicroUsd | 'unpriced' | undefined;
  readonly ttftMs?: number | undefined;
  readonly fault?: Fault | undefined;
}

/** Field by field, so that nothing else of a request can reach the log. */
export function openRow(facts: RequestFacts): OpenRow {
  const { requestId, clientRequestId, principal, endpoint, model, stream, receivedAt } = facts;
  return {
    outcome: 'open',
    requestId,
    tenantId: principal.tenantId,
    keyId: principal.keyId,
    userId: principal.userId,
    endpoint,
    model,
    stream,
    timestamp: new Date(receivedAt).toISOString(),
    ...(clientRequestId !== undefined && { clientRequestId }),
    ...(facts.plan && { plan: [...facts.plan] }),
  };
}

/** `now` in epoch ms. */
export function finalRow(facts: RequestFacts, settlement: Settlement, now: number): FinalRow {
  const { outcome, httpStatus, provider, upstreamModel, attempts, ttftMs } = settlement;
  const { usage, cost, fault } = settlement;
  const costMicroUsd = cost === 'unpriced' || cost === undefined ? 0 : cost;
  return {
    ...openRow(facts),
    outcome,
    success: outcome === 'success',
    httpStatus,
    cache: facts.cache,
    attempts: [...attempts],
    latency: now - facts.receivedAt,
    cost: costMicroUsd / 1_000_000,
    costMicroUsd,
    costStatus: cost === 'unpriced' ? 'unpriced' : 'exact',
    ...(provider !== undefined && { provider }),
    ...(upstreamModel !== undefined && { upstreamModel }),
    ...(ttftMs !== undefined && { ttftMs }),
    ...(usage && {
      tokens: usage.total_tokens,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    }),
    ...(fault && { errorCode: fault.code, errorMessage: fault.message }),
  };
}

export const failedWith = (fault: Fault): Settlement => ({
  outcome: 'failed',
  httpStatus: fault.status,
  fault,
  attempts: [],
});

/** 499 is nginx's status for a client that closed its request; it is only ever on a row. */
export const CLIENT_CLOSED = { outcome: 'client_closed', httpStatus: 499 } as const;
