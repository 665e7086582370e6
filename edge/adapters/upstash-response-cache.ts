import type { Redis } from '@upstash/redis/cloudflare';
import * as z from 'zod/mini';
import { chatCompletionSchema } from '../../core/contract/chat.ts';
import { microUsdSchema } from '../../core/contract/money.ts';
import type { CacheKey } from '../policy/cache-key.ts';
import type { ResponseCache } from '../ports.ts';
import { withDeadline } from './deadline.ts';

const answerSchema = z.object({
  completion: chatCompletionSchema,
  provider: z.string(),
  model: z.string(),
  costMicroUsd: z.optional(microUsdSchema),
  storedAt: z.int(),
  ttlSeconds: z.int(),
});

/** Answers kept for all locations. A look-up that takes longer than `timeoutMs` rejects; a write may. */
export const createUpstashResponseCache = (redis: Redis, timeoutMs: number): ResponseCache => ({
  async find(key) {
    const found = await withDeadline(redis.get(name(key)), timeoutMs);
    return found === null ? undefined : answerSchema.parse(found);
  },
  async keep(key, answer) {
    await redis.set(name(key), answer, { ex: answer.ttlSeconds });
  },
});

const name = (key: CacheKey): string => `gateway:answer:${key}`;
