/**
 * The request log: one row for every request. A row is opened beside the first upstream call and
 * closed once; a request that the edge answered arrives whole. Field names are the original design's.
 */
import * as z from 'zod';
import { keyIdSchema, tenantIdSchema } from '../contract/principal.ts';

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
  /** The targets in the order in which they were to be tried, as `provider/model`. */
  plan: z.array(z.string()).optional(),
};

const openRowSchema = z.object({ ...identityShape, outcome: z.literal('open') });
export type OpenRow = z.infer<typeof openRowSchema>;

const finalRowSchema = z.object({
  ...identityShape,
  outcome: z.enum(['success', 'partial', 'failed', 'rejected', 'client_closed', 'stale']),
  success: z.boolean(),
  httpStatus: z.int(),
  cache: z.enum(['HIT', 'MISS', 'STALE', 'BYPASS']),
  /** Who answered: a provider of the configuration, and its own id of the model. */
  provider: z.string().optional(),
  upstreamModel: z.string().optional(),
  attempts: z.array(attemptSchema),
  /** Prompt and completion together. Absent where the provider reported none. */
  tokens: z.int().optional(),
  promptTokens: z.int().optional(),
  completionTokens: z.int().optional(),
  /** USD. */
  cost: z.number(),
  costMicroUsd: z.int(),
  costStatus: z.enum(['exact', 'unpriced']),
  /** What a cached answer would have cost. */
  savedMicroUsd: z.int().optional(),
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
  readonly success?: boolean;
}

/** Where a row stands in the order of time. */
export interface RowPlace {
  readonly timestamp: string;
  readonly requestId: string;
}

export interface RequestLog {
  open(row: OpenRow): Promise<void>;
  /** Closes an open row; closing it a second time changes nothing. */
  close(row: FinalRow): Promise<void>;
  /** Writes a row that was never open; writing it a second time changes nothing. */
  record(row: FinalRow): Promise<void>;
  find(requestId: string): Promise<RequestLogRow | undefined>;
  list(query: RequestLogQuery): Promise<readonly RequestLogRow[]>;
}
