import { importJWK, jwtVerify } from 'jose';
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { fromHopClaims, HOP, type HopCaller } from '../contract/hop.ts';

const publicKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
});

/** Seconds by which the clocks of edge and core may differ. */
const CLOCK_TOLERANCE = 5;

/** The token of the hop → who is calling. Throws `invalid_api_key` for anything but a valid one. */
export function createHopVerifier(publicKeyJwk: string): (token: string) => Promise<HopCaller> {
  const key = importJWK(publicKeySchema.parse(JSON.parse(publicKeyJwk)), HOP.algorithm);
  return async (token) => {
    const { payload } = await jwtVerify(token, await key, {
      algorithms: [HOP.algorithm],
      issuer: HOP.issuer,
      audience: HOP.audience,
      maxTokenAge: HOP.lifetimeSeconds,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp', 'iat'],
    }).catch((cause: unknown) => {
      throw new Fault('invalid_api_key', { cause });
    });
    const caller = fromHopClaims(payload);
    if (!caller) throw new Fault('invalid_api_key');
    return caller;
  };
}
