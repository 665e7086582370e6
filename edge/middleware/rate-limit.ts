import { createMiddleware } from 'hono/factory';
import { bindingReading, quotaFault, quotaHeaders, quotaRules } from '../policy/quota.ts';
import type { RateLimiter } from '../ports.ts';
import type { EdgeContext, EdgeEnv } from './request-context.ts';

export interface RateLimitDeps {
  /** Counts for all locations; rejects when its store cannot be reached in time. */
  readonly sharedLimiter: RateLimiter;
  /** Counts in this isolate; decides for as long as the shared one cannot. */
  readonly localLimiter: RateLimiter;
  readonly now: () => number;
}

export const rateLimit = (deps: RateLimitDeps) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const binding = bindingReading(await takeFromAll(deps, c));
    if (binding) {
      for (const header of quotaHeaders(binding, deps.now())) c.var.answerHeaders.set(...header);
      const refusal = quotaFault(binding, deps.now());
      if (refusal) throw refusal;
    }
    await next();
  });

async function takeFromAll({ sharedLimiter, localLimiter }: RateLimitDeps, c: EdgeContext) {
  const { keyId, limits } = c.var.key;
  const rules = quotaRules(limits);
  if (rules.length === 0) return [];
  const later = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  // Counted here as well, so that an isolate that loses the store goes on from what it has admitted.
  const localReadings = await localLimiter.take(keyId, rules, later);
  try {
    return await sharedLimiter.take(keyId, rules, later);
  } catch {
    c.var.degraded.add('limiter');
    return localReadings;
  }
}
