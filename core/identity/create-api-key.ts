import { formatApiKey } from '../contract/api-key.ts';
import type { KeyedDigest } from '../contract/keyed-digest.ts';
import { type KeyId, keyIdSchema } from '../contract/principal.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 43 characters of base62 hold 256 bits. */
const SECRET_LENGTH = 43;

export type RandomBytes = (count: number) => Uint8Array;

export interface CreateApiKeyDeps {
  readonly store: Pick<KeyStore, 'create'>;
  readonly digest: KeyedDigest;
  readonly randomBytes: RandomBytes;
  readonly now: () => number;
}

export type NewApiKey = Omit<StoredKey, 'keyId' | 'digest' | 'policyVersion' | 'createdAt'> & {
  readonly environment: string;
};

export interface MadeKey {
  /** The only copy of the secret. */
  readonly key: string;
  readonly stored: StoredKey;
}

/** Makes and stores a key. */
export async function createApiKey(
  { environment, ...policy }: NewApiKey,
  deps: CreateApiKeyDeps,
): Promise<MadeKey> {
  const keyId = keyIdSchema.parse(base62(ID_LENGTH, deps.randomBytes));
  const key = newSecretFor({ environment, keyId }, deps.randomBytes);
  const stored: StoredKey = {
    ...policy,
    keyId,
    digest: await deps.digest(key),
    policyVersion: 1,
    createdAt: deps.now(),
  };
  await deps.store.create(stored);
  return { key, stored };
}

/** A key of this id with a secret that no other has. */
export const newSecretFor = (
  { environment, keyId }: { readonly environment: string; readonly keyId: KeyId },
  randomBytes: RandomBytes,
): string => formatApiKey({ environment, id: keyId, secret: base62(SECRET_LENGTH, randomBytes) });

/** Uniform: bytes that would favour the first letters are drawn again. */
function base62(length: number, randomBytes: RandomBytes): string {
  const limit = 256 - (256 % BASE62.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += BASE62[byte % BASE62.length];
    }
  }
  return text;
}
