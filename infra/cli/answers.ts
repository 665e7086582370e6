/** What commands read of the admin API's answers; the rest passes through to `--json`. */
import * as z from 'zod';

const text = z.string();
const limits = z.record(z.string(), z.number());
const budgets = z.array(z.looseObject({ period: text, limitUsd: text }));

export const keySchema = z.looseObject({
  id: text,
  tenant: text,
  name: text,
  userId: text,
  scopes: z.array(text),
  models: z.array(text).optional(),
  limits: limits.optional(),
  budgets: budgets.optional(),
  cache: z.boolean(),
  logContent: z.boolean(),
  createdAt: text,
  expiresAt: text.optional(),
  revokedAt: text.optional(),
  overlapUntil: text.optional(),
});
export type Key = z.infer<typeof keySchema>;

export const keyWithSecretSchema = z.looseObject({ ...keySchema.shape, key: text });

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ data: z.array(item), cursor: text.nullish() });

export const tenantSchema = z.looseObject({ id: text, limits, budgets });

export const purgeSchema = z.looseObject({ tenant: text.nullable(), namespace: text.nullable() });

export const budgetSchema = z.looseObject({
  scope: text,
  id: text,
  tenant: text,
  period: text,
  limitUsd: text,
  spentUsd: text,
  reservedUsd: text.nullable(),
  renewsAt: text.nullable(),
});

export const usageSchema = z.looseObject({
  from: text,
  to: text,
  data: z.array(
    z.looseObject({
      group: text,
      requests: z.number(),
      errors: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      cacheHits: z.number(),
      costUsd: text,
      savedUsd: text,
    }),
  ),
});

export const rowSchema = z.looseObject({
  requestId: text,
  timestamp: text,
  userId: text,
  model: text,
  outcome: text,
  success: z.boolean().optional(),
  provider: text.optional(),
  cache: text.optional(),
  tokens: z.number().optional(),
  costMicroUsd: z.number().optional(),
  costStatus: text.optional(),
  latency: z.number().optional(),
  errorCode: text.optional(),
});

export const receiptSchema = z.looseObject({
  requestId: text,
  clientRequestId: text.optional(),
  traceId: text.optional(),
  timestamp: text,
  summary: text,
  outcome: text,
  success: z.boolean().optional(),
  httpStatus: z.number().optional(),
  identity: z.looseObject({
    tenant: text,
    keyId: text,
    keyName: text.optional(),
    userId: text,
    metadata: z.record(text, z.union([text, z.number(), z.boolean()])).optional(),
  }),
  request: z.looseObject({ endpoint: text, model: text, stream: z.boolean() }),
  cache: z.looseObject({ decision: text, replayOf: text.optional() }),
  limits: z.looseObject({
    key: limits,
    tenant: limits,
    keyBudgets: budgets,
    tenantBudgets: budgets,
  }),
  plan: z.array(text),
  attempts: z.array(
    z.looseObject({
      number: z.number(),
      provider: text,
      model: text,
      startedAfterMs: z.number(),
      ms: z.number(),
      waitMs: z.number().optional(),
      firstTokenMs: z.number().optional(),
      outcome: text,
      reason: text,
      upstreamStatus: z.number().optional(),
      upstreamCode: text.optional(),
      possiblyBilled: z.boolean(),
      costUsd: text.optional(),
    }),
  ),
  tokens: z
    .looseObject({
      uncachedInput: z.number().optional(),
      cacheRead: z.number().optional(),
      cacheWrite: z.number().optional(),
      output: z.number().optional(),
      reasoningWithinOutput: z.number().optional(),
      total: z.number().optional(),
      counted: text.optional(),
    })
    .optional(),
  money: z.looseObject({
    costUsd: text.optional(),
    costStatus: text.optional(),
    reservedUsd: text.optional(),
    savedUsd: text.optional(),
    gatewayCostUsd: text.optional(),
  }),
  time: z
    .looseObject({
      totalMs: z.number(),
      upstreamMs: z.number(),
      waitedMs: z.number(),
      overheadMs: z.number(),
      ttftMs: z.number().optional(),
    })
    .optional(),
  error: z.looseObject({ code: text, message: text.optional() }).optional(),
  content: z.unknown().optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;
