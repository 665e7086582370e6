import { createMiddleware } from 'hono/factory';
import { Fault } from '../../core/contract/fault.ts';
import type { KeyedDigest } from '../../core/contract/keyed-digest.ts';
import type { KeyRecord, Scope } from '../../core/contract/principal.ts';
import { admit } from '../policy/admission.ts';
import { bearerToken } from '../policy/bearer-token.ts';
import type { KeyStore } from '../ports.ts';
import type { EdgeContext, EdgeEnv } from './request-context.ts';

export interface AuthenticateDeps {
  readonly keys: KeyStore;
  /** HMAC with the pepper: the only form of a key that leaves this stage. */
  readonly keyDigest: KeyedDigest;
  readonly now: () => number;
}

/** Nothing after this stage runs without a key that has the scope. */
export const authenticate = (deps: AuthenticateDeps, scope: Scope) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const key = await identify(deps, c);
    const refusal = admit(key, scope, deps.now());
    if (refusal) throw refusal;
    c.set('key', key);
    await next();
  });

/** The one way to an identity; whatever is thrown on it ends in a refusal. */
async function identify({ keys, keyDigest }: AuthenticateDeps, c: EdgeContext): Promise<KeyRecord> {
  const token = bearerToken(c.req.header('authorization'));
  if (token instanceof Fault) throw token;
  try {
    const key = await keys.find(await keyDigest(token), c.var.ids.requestId);
    if (key) return key;
  } catch (thrown) {
    // Not knowing is not the client's fault; anything else unexpected identifies nobody.
    if (thrown instanceof Fault) throw thrown;
    throw new Fault('invalid_api_key', { cause: thrown });
  }
  throw new Fault('invalid_api_key');
}
