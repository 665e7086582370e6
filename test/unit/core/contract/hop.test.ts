import { describe, expect, it } from 'vitest';
import { fromHopClaims, type HopCaller, toHopClaims } from '../../../../core/contract/hop.ts';
import { principalSchema } from '../../../../core/contract/principal.ts';

const principal = principalSchema.parse({
  tenantId: 'shop',
  keyId: 'abcdefgh1234',
  userId: 'user-1',
  scopes: ['inference'],
  models: ['smart'],
  policyVersion: 3,
  limits: {},
});

describe('hop claims', () => {
  it.each<[string, HopCaller]>([
    ['a principal', { kind: 'principal', principal }],
    ['the edge itself', { kind: 'edge' }],
  ])('carry %s there and back', (_, caller) => {
    expect(fromHopClaims(JSON.parse(JSON.stringify(toHopClaims(caller))))).toEqual(caller);
  });

  it.each([
    [{}],
    [null],
    [{ sub: 'admin' }],
    [{ ...toHopClaims({ kind: 'principal', principal }), tenant: '../other' }],
    [{ ...toHopClaims({ kind: 'principal', principal }), scopes: ['root'] }],
  ])('name nobody: %j', (claims) => expect(fromHopClaims(claims)).toBeUndefined());
});
