import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { fromHopClaims, HOP, type HopCaller } from '../../../../core/contract/hop.ts';
import { principalSchema } from '../../../../core/contract/principal.ts';
import { createHopSigner } from '../../../../edge/adapters/hop-signer.ts';

const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm, { extractable: true });
const jwk = await exportJWK(privateKey);

const caller = (policyVersion: number): HopCaller => ({
  kind: 'principal',
  principal: principalSchema.parse({
    tenantId: 'acme',
    keyId: 'abcdefgh',
    userId: 'ada',
    scopes: ['inference'],
    policyVersion,
    limits: {},
  }),
});

it.each([
  ['a principal', caller(1)],
  ['the edge itself', { kind: 'edge' }],
] as const)('names %s to the core for a minute', async (_, who) => {
  const now = 1_700_000_000_000;
  const token = await createHopSigner(jwk, () => now)(who);
  const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
    issuer: 'edge',
    audience: 'core',
    currentDate: new Date(now),
  });
  expect(fromHopClaims(payload)).toEqual(who);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(protectedHeader.alg).toBe('EdDSA');
});

it('signs again after half of a token’s life, and at once for another policy', async () => {
  const clock = { now: 1_700_000_000_000 };
  const sign = createHopSigner(jwk, () => clock.now);
  const first = await sign(caller(1));
  clock.now += 29_999;
  expect(await sign(caller(1))).toBe(first);
  expect(await sign(caller(2))).not.toBe(first);
  clock.now += 1;
  expect(await sign(caller(1))).not.toBe(first);
});
