/** A stored key, with whatever a test needs of it. */
import { keyIdSchema, tenantIdSchema } from '../../core/contract/principal.ts';
import type { StoredKey } from '../../core/identity/key-store.ts';

export const keyId = (text: string) => keyIdSchema.parse(text);
export const tenantId = (text: string) => tenantIdSchema.parse(text);

export const aKey = (fields: Partial<StoredKey> = {}): StoredKey => ({
  keyId: keyId('abcdefgh1234'),
  tenantId: tenantId('shop'),
  userId: 'user-1',
  name: 'Shop front',
  digest: 'a'.repeat(64),
  scopes: ['inference'],
  cache: true,
  createdAt: 7,
  policyVersion: 1,
  ...fields,
});
