/**
 * Gateway keys: `gw_<environment>_<id>_<secret>_<checksum>`. The checksum lets both sides refuse a
 * mistyped key without a look-up; it proves nothing.
 */
import { type KeyId, keyIdSchema } from './principal.ts';

const SHAPE = /^(gw_[a-z]{2,8}_([A-Za-z0-9]{8,32})_[A-Za-z0-9]{32,64})_([0-9a-f]{8})$/;

export interface ApiKeyParts {
  readonly environment: string;
  readonly id: KeyId;
  /** At least 190 bits of randomness in base62. */
  readonly secret: string;
}

export function formatApiKey({ environment, id, secret }: ApiKeyParts): string {
  const body = `gw_${environment}_${id}_${secret}`;
  return `${body}_${checksum(body)}`;
}

/** The id of a well-formed key, or undefined for anything that cannot be one. */
export function apiKeyId(token: string): KeyId | undefined {
  const [, body, id, sum] = SHAPE.exec(token) ?? [];
  return body && checksum(body) === sum ? keyIdSchema.parse(id) : undefined;
}

/** CRC-32 (ISO-HDLC) in hex. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
