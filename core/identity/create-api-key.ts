import { type ApiKeyParts, formatApiKey } from '../contract/api-key.ts';
import type { KeyedDigest } from '../contract/keyed-digest.ts';
import { keyIdSchema } from '../contract/principal.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 43 characters of base62 hold 256 bits. */
const SECRET_LENGTH = 43;

export interface CreateApiKeyDeps {
  readonly store: KeyStore;
  readonly digest: KeyedDigest;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => number;
}

export type NewApiKey = Omit<StoredKey, 'keyId' | 'digest' | 'policyVersion' | 'createdAt'> & {
  readonly environment: string;
};

/** Makes and stores a key; the returned text is the only copy of its secret. */
export async function createApiKey(
  { environment, ...policy }: NewApiKey,
  deps: CreateApiKeyDeps,
): Promise<{ readonly key: string; readonly stored: StoredKey }> {
  const parts: ApiKeyParts = {
    environment,
    id: keyIdSchema.parse(base62(ID_LENGTH, deps.randomBytes)),
    secret: base62(SECRET_LENGTH, deps.randomBytes),
  };
  const key = formatApiKey(parts);
  const stored: StoredKey = {
    ...policy,
    keyId: parts.id,
    digest: await deps.digest(key),
    policyVersion: 1,
    createdAt: deps.now(),
  };
  await deps.store.create(stored);
  return { key, stored };
}

/** Uniform: bytes that would favour the first letters are drawn again. */
function base62(length: number, randomBytes: CreateApiKeyDeps['randomBytes']): string {
  const limit = 256 - (256 % BASE62.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += BASE62[byte % BASE62.length];
    }
  }
  return text;
}
