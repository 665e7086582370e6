import { importJWK, type JWK, SignJWT } from 'jose';
import { HOP, type HopCaller, toHopClaims } from '../../core/contract/hop.ts';
import { setBounded } from '../policy/bounded-map.ts';

/** Half of its life: a token that leaves here is good for at least the other half. */
const REUSE_MS = (HOP.lifetimeSeconds * 1000) / 2;
const MAX_TOKENS = 1_000;

export type HopSigner = (caller: HopCaller) => Promise<string>;

/** Signs once per caller and half minute, so that the hop costs a request nothing. */
export function createHopSigner(privateKey: JWK, now: () => number): HopSigner {
  const signed = new Map<string, { token: string; until: number }>();
  return async (caller) => {
    const claims = toHopClaims(caller);
    const name = JSON.stringify(claims);
    const known = signed.get(name);
    if (known && now() < known.until) return known.token;
    const issuedAt = Math.floor(now() / 1000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: HOP.algorithm })
      .setIssuer(HOP.issuer)
      .setAudience(HOP.audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + HOP.lifetimeSeconds)
      .sign(await importJWK(privateKey, HOP.algorithm));
    setBounded(signed, [name, { token, until: now() + REUSE_MS }], MAX_TOKENS);
    return token;
  };
}
