/** `POST /admin/keys`: makes a key, and shows its secret this once. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import type { KeyedDigest } from '../contract/keyed-digest.ts';
import { parseInput } from '../contract/parse-input.ts';
import { limitsSchema, scopeSchema, tenantIdSchema } from '../contract/principal.ts';
import { readJsonBody } from '../http/read-body.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import { createApiKey } from '../identity/create-api-key.ts';
import type { KeyStore, StoredKey } from '../identity/key-store.ts';

const newKeySchema = z.strictObject({
  name: z.string().min(1).max(128),
  tenant: z.optional(tenantIdSchema),
  userId: z.string().min(1).max(128).optional(),
  scopes: z.array(scopeSchema).min(1).default(['inference', 'mcp']),
  models: z.array(z.string().min(1).max(128)).optional(),
  limits: z.optional(limitsSchema),
  cache: z.boolean().default(true),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export interface KeysRouteDeps {
  readonly keyStore: KeyStore;
  readonly digestKey: KeyedDigest;
  /** The word in every key that tells what it opens, such as `live`. */
  readonly keyEnvironment: string;
  readonly maxBodyBytes: number;
  readonly now: () => number;
}

export const newKeyRoute = (deps: KeysRouteDeps) => async (c: CoreContext) => {
  const operator = principalWith('admin', c);
  const body = await readJsonBody(c.req.raw, deps.maxBodyBytes);
  const parsed = parseInput(newKeySchema, { value: body, from: 'body' });
  if (parsed instanceof Fault) throw parsed;
  const { tenant, userId, expiresAt, ...policy } = parsed;
  if (expiresAt && Date.parse(expiresAt) <= deps.now()) {
    const message = '"expiresAt" must lie in the future.';
    throw new Fault('invalid_parameter', { param: 'expiresAt', message });
  }
  const { key, stored } = await createApiKey(
    {
      ...policy,
      tenantId: tenant ?? operator.tenantId,
      userId: userId ?? policy.name,
      environment: deps.keyEnvironment,
      ...(expiresAt && { expiresAt: Date.parse(expiresAt) }),
    },
    { store: deps.keyStore, digest: deps.digestKey, randomBytes, now: deps.now },
  );
  return c.json({ ...shown(stored), key }, 201);
};

/** A key as operators see it: never its digest. */
function shown({ keyId, tenantId, digest: _, createdAt, expiresAt, ...policy }: StoredKey) {
  return {
    id: keyId,
    tenant: tenantId,
    ...policy,
    createdAt: new Date(createdAt).toISOString(),
    ...(expiresAt && { expiresAt: new Date(expiresAt).toISOString() }),
  };
}
