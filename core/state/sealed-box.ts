/**
 * Encryption of what is stored: AES-256-GCM under one key, whose predecessor still opens while it is being
 * replaced. What is sealed is bound to a context, such as its tenant and request: moved elsewhere it does
 * not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface SealedBox {
  /** The context is not part of the result: who opens it has to know it. */
  seal(bytes: Uint8Array, context: string): Uint8Array<ArrayBuffer>;
  /** Undefined for bytes that no known key has sealed for this context, or that were changed since. */
  open(sealed: Uint8Array, context: string): Uint8Array | undefined;
}

export interface SealingKeys {
  /** 32 bytes in base64url. */
  readonly current: string;
  readonly previous?: string | undefined;
}

const ALGORITHM = 'aes-256-gcm';
/** The first byte of everything sealed, so that another format can follow. */
const VERSION = 1;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES + NONCE_BYTES + TAG_BYTES;

/** Sealed: version, salt, nonce, tag, ciphertext. */
export function createSealedBox({ current, previous }: SealingKeys): SealedBox {
  const sealing = Buffer.from(current, 'base64url');
  const opening = [sealing, ...(previous ? [Buffer.from(previous, 'base64url')] : [])];
  return {
    seal(bytes, context) {
      const salt = randomBytes(SALT_BYTES);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, keyFor(sealing, salt), nonce);
      cipher.setAAD(boundTo(context));
      const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), salt, nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, context) {
      if (sealed[0] !== VERSION || sealed.byteLength < HEAD_BYTES) return undefined;
      for (const key of opening) {
        const bytes = tryKey(key, sealed, context);
        if (bytes) return bytes;
      }
      return undefined;
    },
  };
}

function tryKey(key: Buffer, sealed: Uint8Array, context: string): Uint8Array | undefined {
  const salt = sealed.subarray(1, 1 + SALT_BYTES);
  const nonce = sealed.subarray(1 + SALT_BYTES, HEAD_BYTES - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, keyFor(key, salt), nonce);
  decipher.setAAD(boundTo(context));
  decipher.setAuthTag(sealed.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES));
  const bytes = decipher.update(sealed.subarray(HEAD_BYTES));
  try {
    return Buffer.concat([bytes, decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A key for each value: under one key random nonces would meet after some billions of values. */
const keyFor = (key: Buffer, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, salt, 'gateway-sealed-box', 32));

const boundTo = (context: string): Buffer =>
  Buffer.concat([Buffer.of(VERSION), Buffer.from(context)]);
