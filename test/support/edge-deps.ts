/** The edge without an outside: every port refuses to be used, until a test says otherwise. */
import type { ExecutionContext } from 'hono';
import { formatApiKey } from '../../core/contract/api-key.ts';
import { type KeyRecord, keyIdSchema, keyRecordSchema } from '../../core/contract/principal.ts';
import type { EdgeDeps } from '../../edge/app.ts';

const untouched = () => {
  throw new Error('nothing may reach this port');
};

export const edgeDeps = (deps: Partial<EdgeDeps> = {}): EdgeDeps => ({
  keys: { find: untouched },
  keyDigest: async () => 'digest',
  sharedLimiter: { take: untouched },
  localLimiter: { take: untouched },
  cache: { find: untouched, keep: untouched },
  cacheDigest: untouched,
  cacheTtlSeconds: 300,
  records: undefined,
  core: { send: untouched },
  maxBodyBytes: 1_000,
  log: () => undefined,
  now: () => 0,
  randomBytes: (count) => new Uint8Array(count),
  ...deps,
});

export const API_KEY = formatApiKey({
  environment: 'test',
  id: keyIdSchema.parse('abcdefgh'),
  secret: 's'.repeat(32),
});

export const keyRecord = (policy: object = {}): KeyRecord =>
  keyRecordSchema.parse({
    tenantId: 'acme',
    keyId: 'abcdefgh',
    userId: 'ada',
    scopes: ['inference', 'admin'],
    policyVersion: 1,
    limits: {},
    cache: true,
    configVersion: 'v1',
    ...policy,
  });

/** Of a runtime that lets work after the answer run to its end. */
export const executionContext: ExecutionContext = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
  props: {},
};
