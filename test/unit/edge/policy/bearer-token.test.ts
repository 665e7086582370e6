import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatApiKey } from '../../../../core/contract/api-key.ts';
import { Fault } from '../../../../core/contract/fault.ts';
import { keyIdSchema } from '../../../../core/contract/principal.ts';
import { bearerToken } from '../../../../edge/policy/bearer-token.ts';

const KEY = formatApiKey({
  environment: 'test',
  id: keyIdSchema.parse('abcdefgh'),
  secret: 's'.repeat(32),
});

it.each([
  ['takes a whole key', `Bearer ${KEY}`, KEY],
  ['takes the scheme in any case', `bEARER ${KEY}`, KEY],
  ['misses the credential without a header', undefined, 'missing_credentials'],
  ['misses it in an empty header', '', 'missing_credentials'],
  ['misses it without a token', 'Bearer ', 'missing_credentials'],
  ['misses it under another scheme', `Basic ${KEY}`, 'missing_credentials'],
  ['misses it without a scheme', KEY, 'missing_credentials'],
  ['refuses two tokens', `Bearer ${KEY} ${KEY}`, 'missing_credentials'],
  ['refuses what is no key', 'Bearer sk-proj-1234', 'invalid_api_key'],
  ['refuses a key cut short', `Bearer ${KEY.slice(0, -1)}`, 'invalid_api_key'],
] as const)('%s', (_, header, expected) => {
  const token = bearerToken(header);
  expect(token instanceof Fault ? token.code : token).toBe(expected);
});

it('refuses a key with any one character changed', () => {
  fc.assert(
    fc.property(fc.nat(KEY.length - 1), fc.constantFrom(...'aZ09_'), (at, other) => {
      fc.pre(KEY[at] !== other);
      const mistyped = KEY.slice(0, at) + other + KEY.slice(at + 1);
      expect(bearerToken(`Bearer ${mistyped}`)).toBeInstanceOf(Fault);
    }),
  );
});
