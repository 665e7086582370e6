/**
 * The request log: one row for every request. A row is opened beside the first upstream call and
 * closed once; a request that the edge answered arrives whole. Field names are the original design's.
 */
import * as z from 'zod';
import { costStatusSchema, microUsdSchema } from '../contract/money.ts';
import { keyIdSchema, tenantIdSchema } from '../contract/principal.ts';
import { requestMetadataSchema } from '../contract/request-metadata.ts';

/** As `core/attempts` records them. */
const attemptSchema = z.object({
  provider: z.string(),
  model: z.string(),
  /** Epoch ms. */
  startedAt: z.int(),
  ms: z.number(),
  firstTokenMs: z.number().optional(),
  waitMs: z.number().optional(),
  outcome: z.enum([
    'answered',
    'abandoned',
    'error',
    'connect',
    'reset',
    'timeout',
    'rate-limited',
    'server-error',
    'auth',
    'model-not-found',
    'context-length',
    'content-policy',
    'invalid-request',
    'unsupported',
    'bad-response',
    'interrupted',
  ]),
  upstreamCode: z.string().optional(),
  upstreamStatus: z.int().optional(),
  /** Whether the provider may have charged for it. */
  possiblyBilled: z.boolean(),
});

const identityShape = {
  requestId: z.string(),
  tenantId: tenantIdSchema,
  keyId: keyIdSchema,
  userId: z.string(),
  endpoint: z.string(),
  /** The model as the client named it. */
  model: z.string(),
  stream: z.boolean(),
  /** ISO 8601, when the request arrived. */
  timestamp: z.string(),
  clientRequestId: z.string().optional(),
  /** Of the client's `traceparent`. */
  traceId: z.string().optional(),
  /** The client's own, from `x-gateway-metadata`. */
  metadata: z.optional(requestMetadataSchema),
  /** The targets in the order in which they were to be tried, as `provider/model`. */
  plan: z.array(z.string()).optional(),
  /** What the request could cost at most, taken from its budgets before it was sent. */
  reservedMicroUsd: z.optional(microUsdSchema),
};

const openRowSchema = z.object({
  ...identityShape,
  outcome: z.literal('open'),
  cache: z.enum(['MISS', 'BYPASS']),
  /** Epoch ms. Nothing is done for the request after it. */
  deadline: z.int(),
  /** The price of the longest its input can be: what is charged if nobody ever closes the row. */
  inputBoundMicroUsd: z.optional(microUsdSchema),
});
export type OpenRow = z.infer<typeof openRowSchema>;

const finalRowSchema = z.object({
  ...identityShape,
  outcome: z.enum([
    'success',
    'partial',
    'failed',
    'rejected',
    'client_closed',
    'stale',
    'abandoned',
  ]),
  success: z.boolean(),
  httpStatus: z.int(),
  cache: z.enum(['HIT', 'MISS', 'STALE', 'BYPASS']),
  /** Who answered: a provider of the configuration, and its own id of the model. */
  provider: z.string().optional(),
  upstreamModel: z.string().optional(),
  attempts: z.array(attemptSchema),
  /** Prompt and completion together. Absent where nothing was used, as what nobody counted is. */
  tokens: z.int().optional(),
  promptTokens: z.int().optional(),
  completionTokens: z.int().optional(),
  /** Of the prompt's tokens, and of the completion's. */
  cacheReadTokens: z.int().optional(),
  cacheWriteTokens: z.int().optional(),
  reasoningTokens: z.int().optional(),
  /** Who has counted: the provider, or the gateway. */
  usageStatus: z.enum(['exact', 'estimated']).optional(),
  /** USD. */
  cost: z.number(),
  costMicroUsd: microUsdSchema,
  costStatus: costStatusSchema,
  /** What other attempts have cost the gateway: the tenant pays only for the answer delivered. */
  gatewayCostMicroUsd: z.optional(microUsdSchema),
  /** What a cached answer would have cost. */
  savedMicroUsd: z.optional(microUsdSchema),
  /** The request whose answer this one was given again, by its Idempotency-Key. */
  replayOf: z.string().optional(),
  /** Milliseconds until the last byte, and until the first content. */
  latency: z.number(),
  ttftMs: z.number().optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
});
export type FinalRow = z.infer<typeof finalRowSchema>;

export const requestLogRowSchema = z.discriminatedUnion('outcome', [openRowSchema, finalRowSchema]);
export type RequestLogRow = z.infer<typeof requestLogRowSchema>;

export interface RequestLogQuery {
  /** At most this many rows, newest first. */
  readonly limit: number;
  /** Only rows before this place; from an earlier page. */
  readonly before?: RowPlace;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly userId?: string;
  readonly keyId?: string;
  readonly tenantId?: string;
  readonly success?: boolean;
}

/** Where a row stands in the order of time. */
export interface RowPlace {
  readonly timestamp: string;
  readonly requestId: string;
}

/** A row that has become final is counted (`usage-counters.ts`), in the same step and once. */
export interface RequestLog {
  open(row: OpenRow): Promise<void>;
  /** Closes an open row; answers the row that is final now: this one, or the one that closed it before. */
  close(row: FinalRow): Promise<FinalRow>;
  /** Writes a row that was never open; writing it a second time changes nothing. */
  record(row: FinalRow): Promise<void>;
  find(requestId: string): Promise<RequestLogRow | undefined>;
  list(query: RequestLogQuery): Promise<readonly RequestLogRow[]>;
  /** The open rows whose deadline was before `deadline` (epoch ms), page by page. */
  listOverdue(deadline: number): AsyncIterable<readonly OpenRow[]>;
}
