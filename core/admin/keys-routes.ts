/** `/admin/keys`: keys are made, changed, rotated and revoked; each secret is shown once. */
import * as z from 'zod';
import { type KeyId, keyIdSchema, tenantIdSchema } from '../contract/principal.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import { changeKey, noKey, revokeKey, rotateKey } from '../identity/change-key.ts';
import { createApiKey } from '../identity/create-api-key.ts';
import type { AdminDeps } from './admin-deps.ts';
import { notOurs, placeOf, toCursor } from './cursor.ts';
import {
  changedKey,
  keyChangeSchema,
  newKeySchema,
  requireFuture,
  shownKey,
  toNewKey,
} from './key-body.ts';
import { bodyOf, queryOf, toldTo } from './operator-input.ts';

const listSchema = z.strictObject({
  tenant: z.optional(tenantIdSchema),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().optional(),
});

const keyPlaceSchema = z.strictObject({ tenantId: tenantIdSchema, keyId: keyIdSchema });

const MAX_OVERLAP_SECONDS = 7 * 86_400;
const rotationSchema = z.strictObject({
  overlapSeconds: z.int().nonnegative().max(MAX_OVERLAP_SECONDS).default(0),
});

export const newKey = (deps: AdminDeps) => async (c: CoreContext) => {
  const { tenantId } = principalWith('admin', c);
  const body = await bodyOf(c, newKeySchema, deps);
  requireFuture(body.expiresAt, deps.now());
  const policy = toNewKey(body, { tenantId, environment: deps.keyEnvironment });
  const { key, stored } = await createApiKey(policy, {
    ...deps,
    store: deps.keyStore,
    digest: deps.digestKey,
  });
  return c.json({ ...shownKey(stored), key }, 201);
};

export const listKeys =
  ({ keyStore }: AdminDeps) =>
  async (c: CoreContext) => {
    const { tenant, cursor, limit } = queryOf(c, listSchema);
    const after = cursor === undefined ? undefined : placeOf(cursor, keyPlaceSchema);
    if (after && tenant && after.tenantId !== tenant) throw notOurs();
    const page = { ...(tenant && { tenantId: tenant }), ...(after && { after }), limit };
    const keys = await keyStore.list(page);
    const last = keys.length < limit ? undefined : keys.at(-1);
    return c.json({
      data: keys.map(shownKey),
      cursor: last ? toCursor({ tenantId: last.tenantId, keyId: last.keyId }) : null,
    });
  };

export const showKey =
  ({ keyStore }: AdminDeps) =>
  async (c: CoreContext) => {
    const keyId = keyIdOf(c);
    const key = await keyStore.findById(keyId);
    if (!key) throw noKey(keyId);
    return c.json(shownKey(key));
  };

export const patchKey = (deps: AdminDeps) => async (c: CoreContext) => {
  const keyId = keyIdOf(c);
  const body = await bodyOf(c, keyChangeSchema, deps);
  requireFuture(body.expiresAt, deps.now());
  const change = await changeKey(keyId, (key) => changedKey(key, body, deps.defaultLimits), deps);
  return c.json(shownKey(toldTo(c, change)));
};

export const deleteKey = (deps: AdminDeps) => async (c: CoreContext) =>
  c.json(shownKey(toldTo(c, await revokeKey(keyIdOf(c), deps))));

export const newSecret = (deps: AdminDeps) => async (c: CoreContext) => {
  const { overlapSeconds } = await bodyOf(c, rotationSchema, deps);
  const order = { keyId: keyIdOf(c), overlapMs: overlapSeconds * 1_000 };
  const { key, stored } = toldTo(c, await rotateKey(order, deps));
  return c.json({ ...shownKey(stored), key });
};

/** Text that no key id can be names no key. */
function keyIdOf(c: CoreContext): KeyId {
  const id = c.req.param('id') ?? '';
  const parsed = keyIdSchema.safeParse(id);
  if (!parsed.success) throw noKey(id.slice(0, 64));
  return parsed.data;
}
