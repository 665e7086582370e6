import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyId, formatApiKey } from '../../../../core/contract/api-key.ts';
import { keyIdSchema } from '../../../../core/contract/principal.ts';

const id = keyIdSchema.parse('abcDEF123456');
const key = formatApiKey({ environment: 'local', id, secret: 'S'.repeat(43) });

describe('apiKeyId', () => {
  it('gives the id of a key that was formatted here', () => {
    expect(apiKeyId(key)).toBe(id);
  });

  it('refuses a key with any one character changed', () =>
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        fc.pre(key[at] !== char);
        expect(apiKeyId(key.slice(0, at) + char + key.slice(at + 1))).toBeUndefined();
      }),
    ));

  it.each(['', 'gw_no', 'sk-proj-123', `${key} `, `x${key}`, key.slice(0, -1), key.toUpperCase()])(
    'refuses %j',
    (token) => expect(apiKeyId(token)).toBeUndefined(),
  );

  it('ends in the CRC-32 of what stands before it', () => {
    const [body, checksum] = [key.slice(0, -9), key.slice(-8)];
    expect(Number.parseInt(checksum, 16)).toBe(crc32(body));
  });
});
