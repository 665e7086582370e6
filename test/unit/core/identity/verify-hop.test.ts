import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOP, type HopCaller, toHopClaims } from '../../../../core/contract/hop.ts';
import { principalSchema } from '../../../../core/contract/principal.ts';
import { createHopVerifier } from '../../../../core/identity/verify-hop.ts';

const principal = principalSchema.parse({
  tenantId: 'shop',
  keyId: 'abcdefgh1234',
  userId: 'user-1',
  scopes: ['inference'],
  policyVersion: 3,
  limits: {},
});
const caller: HopCaller = { kind: 'principal', principal };
const START = 1_800_000_000_000;

afterEach(() => vi.restoreAllMocks());

async function setUp() {
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm, { extractable: true });
  const clock = { now: START };
  const refusals: unknown[] = [];
  const verify = await createHopVerifier(await exportJWK(publicKey), {
    now: () => clock.now,
    onRefusal: (cause) => refusals.push(cause),
  });
  const sign = (claims: object = toHopClaims(caller), lifetimeSeconds = 60) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: HOP.algorithm })
      .setIssuer(HOP.issuer)
      .setAudience(HOP.audience)
      .setIssuedAt(START / 1_000)
      .setExpirationTime(START / 1_000 + lifetimeSeconds)
      .sign(privateKey);
  return { verify, sign, clock, refusals };
}

describe('createHopVerifier', () => {
  it('verifies the signature of a token once, while it lives', async () => {
    const { verify, sign } = await setUp();
    const token = await sign();
    const verifySignature = vi.spyOn(crypto.subtle, 'verify');
    for (let n = 0; n < 10; n++) expect(await verify(token)).toEqual(caller);
    expect(verifySignature).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['its end', 60],
    ['the life that a hop may have, whatever it says itself', 3_600],
  ])('refuses a known token after %s', async (_, lifetimeSeconds) => {
    const { verify, sign, clock } = await setUp();
    const token = await sign(toHopClaims(caller), lifetimeSeconds);
    expect(await verify(token)).toEqual(caller);
    clock.now += 66_000;
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  it.each([
    ['no token', async () => ''],
    ['what is no token', async () => 'x.y.z'],
    ['a token that names nobody', (sign: (claims: object) => Promise<string>) => sign({})],
  ])('refuses %s, and tells why without it', async (_, make) => {
    const { verify, sign, refusals } = await setUp();
    const token = await make(sign);
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(refusals).toHaveLength(1);
    if (token) expect(String(refusals[0])).not.toContain(token);
  });

  it('does not remember what it refused', async () => {
    const { verify, refusals } = await setUp();
    for (let n = 0; n < 2; n++) await verify('x').catch(() => {});
    expect(refusals).toHaveLength(2);
  });

  it('rejects at once a key that cannot be used', async () => {
    const deps = { now: Date.now, onRefusal: () => {} };
    await expect(createHopVerifier({ kty: 'OKP', crv: 'Ed25519', x: '?' }, deps)).rejects.toThrow();
  });
});
