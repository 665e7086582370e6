/** The core's app over real providers on loopback, with its stores in memory. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createCoreApp } from '../../core/app.ts';
import { parseConfig } from '../../core/config/gateway-config.ts';
import { HOP, type HopCaller, toHopClaims } from '../../core/contract/hop.ts';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { principalSchema } from '../../core/contract/principal.ts';
import { createUpstreamFetch } from '../../core/http/upstream-fetch.ts';
import { createKeyLookup } from '../../core/identity/key-lookup.ts';
import { createHopVerifier } from '../../core/identity/verify-hop.ts';
import { createProviders } from '../../core/providers/registry.ts';
import { createInMemoryKeyStore } from './in-memory-key-store.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';

export const PRINCIPAL = principalSchema.parse({
  tenantId: 'shop',
  keyId: 'abcdefgh1234',
  userId: 'user-1',
  scopes: ['inference', 'mcp'],
  policyVersion: 1,
});

export async function startCoreApp(config: object) {
  const { providers: configs, limits } = parseConfig(JSON.stringify(config));
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm);
  const log = createInMemoryRequestLog();
  const keyStore = createInMemoryKeyStore();
  const errors: unknown[] = [];
  const pending: Promise<unknown>[] = [];
  const now = () => Date.now();
  const providers = createProviders(configs, {
    secret: (reference) => reference,
    upstreamFetch: createUpstreamFetch,
    now,
  });
  const views = configs.map(({ name, priority, models }) => ({ name, priority, models }));
  const app = createCoreApp({
    providers,
    views: () => views,
    log,
    edgeRecords: log,
    now,
    maxBodyBytes: limits.maxBodyBytes,
    verifyHop: createHopVerifier(JSON.stringify(await exportJWK(publicKey))),
    keys: createKeyLookup({
      store: keyStore,
      mirror: { publish: async () => {} },
      defaultLimits: limits.default,
      configVersion: '1',
      onMirrorFailure: (cause) => errors.push(cause),
    }),
    keyStore,
    digestKey: createKeyedDigest(crypto.subtle, 'pepper-of-the-tests'),
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

  return {
    log,
    errors,
    hopToken,
    fetch: async (path: string, init: RequestInit = {}, caller?: HopCaller) => {
      const headers = new Headers(init.headers);
      if (!headers.has('x-gateway-hop')) headers.set('x-gateway-hop', await hopToken(caller));
      const request = new Request(`http://core${path}`, { ...init, headers });
      return app.fetch(request, { waitUntil: (work) => void pending.push(work) });
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
