import { importJWK, type JWK, jwtVerify } from 'jose';
import { Fault } from '../contract/fault.ts';
import { fromHopClaims, HOP, type HopCaller } from '../contract/hop.ts';

/** Seconds by which the clocks of edge and core may differ. */
const CLOCK_TOLERANCE = 5;
/** Of tokens: the edge uses one for all requests of a principal while it lives. */
const MAX_KNOWN = 1_000;

export type HopVerifier = (token: string) => Promise<HopCaller>;

interface Known {
  readonly caller: HopCaller;
  /** Epoch ms. */
  readonly until: number;
}

export interface HopVerifierDeps {
  readonly now: () => number;
  /** Told why, and never the token. */
  readonly onRefusal: (cause: unknown) => void;
}

/**
 * The token of the hop → who is calling. Throws `invalid_api_key` for anything but a valid one. Rejects
 * at once if the key itself cannot be used.
 */
export async function createHopVerifier(
  publicKey: JWK,
  { now, onRefusal }: HopVerifierDeps,
): Promise<HopVerifier> {
  const key = await importJWK(publicKey, HOP.algorithm);
  const known = new Map<string, Known>();

  const verify = async (token: string): Promise<Known> => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [HOP.algorithm],
      issuer: HOP.issuer,
      audience: HOP.audience,
      maxTokenAge: HOP.lifetimeSeconds,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(now()),
    });
    const caller = fromHopClaims(payload);
    if (!caller) throw new Error('The token names nobody.');
    const { exp = 0, iat = 0 } = payload;
    return { caller, until: Math.min(exp, iat + HOP.lifetimeSeconds) * 1_000 };
  };

  return async (token) => {
    const remembered = known.get(token);
    if (remembered && now() < remembered.until) return remembered.caller;
    const verified = await verify(token).catch((cause: unknown) => {
      onRefusal(cause);
      throw new Fault('invalid_api_key', { cause });
    });
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(token, verified);
    return verified.caller;
  };
}
