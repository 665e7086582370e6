/** HMAC-SHA-256 in hex: the only form in which keys are stored and cached answers are named. */

export type KeyedDigest = (text: string) => Promise<string>;

/** Imports the secret once; `subtle` comes from the runtime, so that the contract itself stays pure. */
export function createKeyedDigest(subtle: SubtleCrypto, secret: string): KeyedDigest {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return async (text) => hex(await subtle.sign('HMAC', await key, encoder.encode(text)));
}

const hex = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
