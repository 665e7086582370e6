/** The Worker: bindings → dependencies → app, once per isolate. */
import type { ExecutionContext } from 'hono';
import { createKeyedDigest } from '../core/contract/keyed-digest.ts';
import { consoleLog } from './adapters/console-log.ts';
import { createCoreKeyStore } from './adapters/core-key-store.ts';
import { createHopSigner } from './adapters/hop-signer.ts';
import { createHttpCore } from './adapters/http-core.ts';
import { createLocalRateLimiter } from './adapters/local-rate-limiter.ts';
import { createMemoryKeyStore } from './adapters/memory-key-store.ts';
import { createQueueRecords } from './adapters/queue-records.ts';
import { createUpstashKeyStore } from './adapters/upstash-key-store.ts';
import { createUpstashRateLimiter } from './adapters/upstash-rate-limiter.ts';
import { createUpstashRedis } from './adapters/upstash-redis.ts';
import { createUpstashResponseCache } from './adapters/upstash-response-cache.ts';
import { createEdgeApp, type EdgeDeps } from './app.ts';
import { deliverRecords, type RecordBatch } from './deliver-records.ts';
import { type EdgeBindings, parseEnv } from './env.ts';

/** Longest look-up of a key or an answer in the shared store; the core or a miss takes its place then. */
const STORE_TIMEOUT_MS = 500;

function createDeps(env: EdgeBindings): EdgeDeps {
  const now = Date.now;
  const upstash = { url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN };
  const store = createUpstashRedis({ ...upstash, enableAutoPipelining: false });
  const counters = createUpstashRedis({ ...upstash, enableAutoPipelining: true });
  const core = createHttpCore({
    url: env.CORE_URL,
    signHop: createHopSigner(env.HOP_PRIVATE_KEY, now),
  });
  return {
    core,
    keys: createMemoryKeyStore({
      mirror: createUpstashKeyStore(store, STORE_TIMEOUT_MS),
      truth: createCoreKeyStore(core),
      now,
    }),
    keyDigest: createKeyedDigest(crypto.subtle, env.KEY_PEPPER),
    sharedLimiter: createUpstashRateLimiter(counters, env.LIMITER_TIMEOUT_MS),
    localLimiter: createLocalRateLimiter(now),
    cache: createUpstashResponseCache(store, STORE_TIMEOUT_MS),
    cacheDigest: createKeyedDigest(crypto.subtle, env.CACHE_SECRET),
    cacheTtlSeconds: env.CACHE_TTL_SECONDS,
    records: env.RECORDS && createQueueRecords(env.RECORDS),
    maxBodyBytes: env.MAX_BODY_BYTES,
    log: consoleLog,
    now,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  };
}

function wire(env: unknown) {
  const deps = createDeps(parseEnv(env));
  return { app: createEdgeApp(deps), core: deps.core, log: deps.log };
}

let wired: ReturnType<typeof wire> | undefined;

export default {
  fetch(request: Request, env: unknown, context: ExecutionContext) {
    wired ??= wire(env);
    return wired.app.fetch(request, {}, context);
  },
  queue(batch: RecordBatch, env: unknown) {
    wired ??= wire(env);
    return deliverRecords(wired, batch);
  },
};
