/** The core's app over real providers on loopback, with its stores in memory. */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createCoreApp } from '../../core/app.ts';
import type { Clock } from '../../core/attempts/clock.ts';
import { createPlanner } from '../../core/attempts/planner.ts';
import { systemClock } from '../../core/attempts/system-clock.ts';
import type { BudgetStore } from '../../core/budgets/budget-store.ts';
import { createBudgets, type OverReservation } from '../../core/budgets/budgets.ts';
import { createInProcessBudgetStore } from '../../core/budgets/in-process-budget-store.ts';
import { createCancelWatch } from '../../core/cancel/cancel-watch.ts';
import { parseConfig } from '../../core/config/gateway-config.ts';
import { HOP, type HopCaller, toHopClaims } from '../../core/contract/hop.ts';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { principalSchema } from '../../core/contract/principal.ts';
import { createProviderAvailability } from '../../core/health/provider-availability.ts';
import { createUpstreamFetch } from '../../core/http/upstream-fetch.ts';
import type { AnswerOnce } from '../../core/idempotency/answer-once.ts';
import { createKeyDirectory } from '../../core/identity/key-directory.ts';
import { createHopVerifier } from '../../core/identity/verify-hop.ts';
import { createProviders } from '../../core/providers/registry.ts';
import { createInProcessRedis } from '../../core/state/in-process-redis.ts';
import { createRedisTargetHealth } from '../../core/state/redis-target-health.ts';
import { createInMemoryContentLog } from './in-memory-content-log.ts';
import { createInMemoryKeyMirror } from './in-memory-key-mirror.ts';
import { createInMemoryKeyStore, createInMemoryTenantStore } from './in-memory-key-store.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';

export const PRINCIPAL = principalSchema.parse({
  tenantId: 'shop',
  keyId: 'abcdefgh1234',
  userId: 'user-1',
  scopes: ['inference', 'mcp'],
  policyVersion: 1,
  limits: {},
});

/** Whoever holds the scope `admin`. */
export const OPERATOR: HopCaller = {
  kind: 'principal',
  principal: { ...PRINCIPAL, scopes: ['admin'] },
};

const PEPPER = 'pepper-of-the-tests-pepper-of-the-tests';

export async function startCoreApp(
  config: object,
  clock: Clock = systemClock,
  log = createInMemoryRequestLog(),
  answerOnce: AnswerOnce = (_, answer) => answer(),
  budgetStore: BudgetStore = createInProcessBudgetStore(),
) {
  const {
    providers: configs,
    models: aliases,
    limits,
    retry,
    breaker,
  } = parseConfig(JSON.stringify(config));
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm, { extractable: true });
  const keyStore = createInMemoryKeyStore();
  const tenants = createInMemoryTenantStore();
  const mirror = createInMemoryKeyMirror();
  const contentLog = createInMemoryContentLog();
  const errors: unknown[] = [];
  const refusals: unknown[] = [];
  const unpriced: unknown[] = [];
  const pending: Promise<unknown>[] = [];
  const { now } = clock;
  const providers = createProviders(configs, {
    secret: (reference) => reference,
    upstreamFetch: createUpstreamFetch,
    now,
    onUnpriced: (model) => unpriced.push(model),
  });
  const overReservations: OverReservation[] = [];
  const known = new Set<string>();
  const budgets = createBudgets({
    store: budgetStore,
    counters: log.counters,
    firstUse: { claim: async (tenantId) => known.size < known.add(tenantId).size },
    log,
    clock,
    deadlineMs: retry.deadlineMs,
    onFailure: (error) => errors.push(error),
    onOverReservation: (excess) => overReservations.push(excess),
  });
  const redis = createInProcessRedis({ now });
  const health = createRedisTargetHealth({
    redis,
    rules: { breaker, rateWindowMs: 5_000, credentialLatchMs: 60_000 },
    now,
    onFailure: (error) => errors.push(error),
  });
  const app = createCoreApp({
    providers,
    aliases,
    availability: createProviderAvailability(providers, now),
    planner: createPlanner({ providers, aliases, random: Math.random }),
    attempts: { clock, random: Math.random, health, retry },
    cancelWatch: createCancelWatch({ redis, clock }),
    answerOnce,
    contentLog,
    deadlineMs: retry.deadlineMs,
    log,
    edgeRecords: log,
    usageCounters: log.counters,
    budgetStore,
    budgets,
    now,
    maxBodyBytes: limits.maxBodyBytes,
    verifyHop: await createHopVerifier(await exportJWK(publicKey), {
      now: Date.now,
      onRefusal: (cause) => refusals.push(cause),
    }),
    keys: createKeyDirectory({
      store: keyStore,
      tenants,
      mirror,
      defaultLimits: limits.default,
      configVersion: '1',
      onMirrorFailure: (cause) => errors.push(cause),
    }),
    keyStore,
    tenants,
    defaultLimits: limits.default,
    randomBytes,
    digestKey: createKeyedDigest(crypto.subtle, PEPPER),
    keyEnvironment: 'test',
    mcp: async () => new Response(),
    isReady: async () => true,
    newRequestId: () => crypto.randomUUID(),
    reportError: ({ cause }) => errors.push(cause),
  });

  const hopToken = (caller: HopCaller = { kind: 'principal', principal: PRINCIPAL }) =>
    new SignJWT({ ...toHopClaims(caller) })
      .setProtectedHeader({ alg: HOP.algorithm })
      .setIssuer(HOP.issuer)
      .setAudience(HOP.audience)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey);

  const handle = (request: Request) =>
    app.fetch(request, { waitUntil: (work) => void pending.push(work) });

  return {
    log,
    contentLog,
    mirror,
    budgetStore,
    errors,
    /** Every route that the app has, apart from what runs before them all. */
    routes: app.routes
      .filter(({ path }) => path !== '/*')
      .map(({ method, path }) => ({ method: method === 'ALL' ? 'POST' : method, path })),
    /** Models that were charged without a price. */
    unpriced,
    budgets,
    overReservations,
    /** Why hop tokens were refused. */
    refusals,
    hopToken,
    handle,
    /** What an edge in front of this core has to know. */
    edgeSecrets: {
      HOP_PRIVATE_KEY: JSON.stringify(await exportJWK(privateKey)),
      KEY_PEPPER: PEPPER,
    },
    fetch: async (path: string, init: RequestInit = {}, caller?: HopCaller) => {
      const headers = new Headers(init.headers);
      if (!headers.has('x-gateway-hop')) headers.set('x-gateway-hop', await hopToken(caller));
      return handle(new Request(`http://core${path}`, { ...init, headers }));
    },
    /** Resolves when the work after the answers is done. */
    settled: () => Promise.all(pending),
  };
}

export const chatInit = (body: object, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...(signal && { signal }),
});
