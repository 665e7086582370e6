/** From what is known of a request to its row. */

import type { AttemptRecord } from '../attempts/attempt-record.ts';
import { Fault } from '../contract/fault.ts';
import { type Cost, type MicroUsd, microUsd, UNPRICED } from '../contract/money.ts';
import type { Principal } from '../contract/principal.ts';
import type { RequestMetadata } from '../contract/request-metadata.ts';
import type { FinalRow, OpenRow } from './request-log.ts';
import { type CountedUsage, cacheWriteTokens, promptTokens, totalTokens } from './token-usage.ts';

export interface RequestFacts {
  readonly requestId: string;
  readonly clientRequestId?: string | undefined;
  readonly principal: Principal;
  readonly endpoint: string;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  /** What the edge did before it asked. */
  readonly cache: OpenRow['cache'];
  /** The targets in the order in which they were to be tried, as `provider/model`. */
  readonly plan?: readonly string[] | undefined;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Epoch ms. */
  readonly deadline: number;
  /** W3C Trace Context, as the client sent it. */
  readonly traceparent?: string | undefined;
  readonly metadata?: RequestMetadata | undefined;
  /** The most that the request can cost, and the most of it that its input can. */
  readonly reservedMicroUsd?: MicroUsd | undefined;
  readonly inputBoundMicroUsd?: MicroUsd | undefined;
}

export interface Settlement {
  readonly outcome: FinalRow['outcome'];
  readonly httpStatus: number;
  readonly attempts: readonly AttemptRecord[];
  readonly provider?: string | undefined;
  readonly upstreamModel?: string | undefined;
  readonly usage?: CountedUsage | undefined;
  /** Absent where nothing is to be paid. */
  readonly cost?: Cost | undefined;
  /** What attempts have cost whose answer was not delivered. */
  readonly gatewayCostMicroUsd?: MicroUsd | undefined;
  readonly ttftMs?: number | undefined;
  /** The request whose kept answer this one got. */
  readonly replayOf?: string | undefined;
  readonly fault?: Fault | undefined;
}

/** Field by field, so that nothing else of a request can reach the log. */
export function openRow(facts: RequestFacts): OpenRow {
  const { cache, deadline, inputBoundMicroUsd } = facts;
  return {
    ...identityOf(facts),
    outcome: 'open',
    cache,
    deadline,
    ...(inputBoundMicroUsd !== undefined && { inputBoundMicroUsd }),
  };
}

/** `now` in epoch ms. */
export function finalRow(facts: RequestFacts, settlement: Settlement, now: number): FinalRow {
  const { outcome, httpStatus, provider, upstreamModel, attempts, ttftMs } = settlement;
  const { usage, cost, gatewayCostMicroUsd, replayOf, fault } = settlement;
  return {
    ...identityOf(facts),
    outcome,
    success: outcome === 'success',
    httpStatus,
    cache: facts.cache,
    attempts: [...attempts],
    latency: now - facts.receivedAt,
    ...costFields(cost ?? FREE),
    ...(provider !== undefined && { provider }),
    ...(upstreamModel !== undefined && { upstreamModel }),
    ...(gatewayCostMicroUsd !== undefined && { gatewayCostMicroUsd }),
    ...(ttftMs !== undefined && { ttftMs }),
    ...(replayOf !== undefined && { replayOf }),
    ...(usage && tokenFields(usage)),
    ...(fault && faultFields(fault)),
  };
}

/**
 * The end of a row that nobody closed: its core died. An attempt had begun when it was opened, so that its
 * provider may charge for the input. It took until its deadline at most.
 */
export function abandonedRow(row: OpenRow): FinalRow {
  const { deadline, inputBoundMicroUsd, ...identity } = row;
  const fault = new Fault('internal_error');
  return {
    ...identity,
    outcome: 'abandoned',
    success: false,
    httpStatus: fault.status,
    attempts: [],
    latency: deadline - Date.parse(row.timestamp),
    ...costFields(
      inputBoundMicroUsd === undefined
        ? UNPRICED
        : { microUsd: inputBoundMicroUsd, status: 'estimated' },
    ),
    ...faultFields(fault),
  };
}

const FREE: Cost = { microUsd: microUsd(0), status: 'exact' };

function identityOf(facts: RequestFacts) {
  const { requestId, clientRequestId, principal, endpoint, model, stream, receivedAt } = facts;
  const { metadata, plan, reservedMicroUsd } = facts;
  const traceId = traceIdOf(facts.traceparent);
  return {
    requestId,
    tenantId: principal.tenantId,
    keyId: principal.keyId,
    userId: principal.userId,
    endpoint,
    model,
    stream,
    timestamp: new Date(receivedAt).toISOString(),
    ...(clientRequestId !== undefined && { clientRequestId }),
    ...(traceId !== undefined && { traceId }),
    ...(metadata && { metadata }),
    ...(plan && { plan: [...plan] }),
    ...(reservedMicroUsd !== undefined && { reservedMicroUsd }),
  };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const traceIdOf = (traceparent = ''): string | undefined =>
  /^[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/.exec(traceparent)?.[1];

const costFields = (cost: Cost): Pick<FinalRow, 'cost' | 'costMicroUsd' | 'costStatus'> => ({
  cost: cost.microUsd / 1_000_000,
  costMicroUsd: cost.microUsd,
  costStatus: cost.status,
});

/** Totals as OpenAI counts them; what nobody told stays absent. */
function tokenFields({ usage, status }: CountedUsage) {
  const { cacheRead, reasoning } = usage;
  const written = cacheWriteTokens(usage);
  return {
    tokens: totalTokens(usage),
    promptTokens: promptTokens(usage),
    completionTokens: usage.output,
    usageStatus: status,
    ...(cacheRead !== undefined && { cacheReadTokens: cacheRead }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

const faultFields = ({ code, message }: Fault): Pick<FinalRow, 'errorCode' | 'errorMessage'> => ({
  errorCode: code,
  errorMessage: message,
});

export const failedWith = (fault: Fault): Settlement => ({
  outcome: 'failed',
  httpStatus: fault.status,
  fault,
  attempts: [],
});

/** 499 is nginx's status for a client that closed its request; it is only ever on a row. */
export const CLIENT_CLOSED = { outcome: 'client_closed', httpStatus: 499 } as const;
