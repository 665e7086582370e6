/** A request that the edge answered itself, on its way through the queue to the core's request log. */
import * as z from 'zod/mini';
import { usageSchema } from './chat.ts';
import { microUsdSchema } from './money.ts';
import { principalSchema } from './principal.ts';
import { requestMetadataSchema } from './request-metadata.ts';

export const edgeRecordSchema = z.object({
  requestId: z.uuid(),
  clientRequestId: z.optional(z.string()),
  tenantId: principalSchema.shape.tenantId,
  keyId: principalSchema.shape.keyId,
  userId: principalSchema.shape.userId,
  endpoint: z.string(),
  /** As the client asked for it. */
  model: z.string(),
  metadata: z.optional(requestMetadataSchema),
  /** Who made the answer that was kept. */
  provider: z.string(),
  /** When the request arrived, in epoch ms. */
  timestamp: z.int(),
  latencyMs: z.number(),
  httpStatus: z.int(),
  cache: z.literal('HIT'),
  stream: z.boolean(),
  usage: z.optional(usageSchema),
  /** What the kept answer had cost; absent when that is not known. */
  savedMicroUsd: z.optional(microUsdSchema),
});
export type EdgeRecord = z.infer<typeof edgeRecordSchema>;
