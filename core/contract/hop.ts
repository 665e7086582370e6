/**
 * The hop from edge to core: an EdDSA JWT (RFC 8037) in `x-gateway-hop`, signed by the edge for one
 * principal, or for the edge itself when it speaks in its own name (records, key look-ups, cancels).
 */
import * as z from 'zod/mini';
import { type Principal, principalSchema } from './principal.ts';

export const HOP = {
  issuer: 'edge',
  audience: 'core',
  algorithm: 'EdDSA',
  lifetimeSeconds: 60,
} as const;

export type HopCaller =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'edge' };

const claimsSchema = z.union([
  z.object({
    sub: z.literal('principal'),
    tenant: principalSchema.shape.tenantId,
    keyId: principalSchema.shape.keyId,
    userId: principalSchema.shape.userId,
    scopes: principalSchema.shape.scopes,
    models: principalSchema.shape.models,
    policyVersion: principalSchema.shape.policyVersion,
    limits: principalSchema.shape.limits,
    tenantLimits: principalSchema.shape.tenantLimits,
    budgets: principalSchema.shape.budgets,
    logContent: principalSchema.shape.logContent,
  }),
  z.object({ sub: z.literal('edge') }),
]);

/** The claims that name the caller, field by field: more may be known of it. `iss`, `aud`, `iat` and `exp` are the signer's. */
export function toHopClaims(caller: HopCaller): z.infer<typeof claimsSchema> {
  if (caller.kind === 'edge') return { sub: 'edge' };
  const { tenantId, keyId, userId, scopes, models, policyVersion } = caller.principal;
  const { limits, tenantLimits, budgets, logContent } = caller.principal;
  return {
    sub: 'principal',
    tenant: tenantId,
    keyId,
    userId,
    scopes,
    models,
    policyVersion,
    limits,
    tenantLimits,
    budgets,
    logContent,
  };
}

/** Parses verified claims; undefined when they name nobody. */
export function fromHopClaims(claims: unknown): HopCaller | undefined {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) return undefined;
  if (parsed.data.sub === 'edge') return { kind: 'edge' };
  const { sub: _, tenant, ...rest } = parsed.data;
  return { kind: 'principal', principal: { tenantId: tenant, ...rest } };
}
