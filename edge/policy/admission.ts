/** What an authenticated key may do. */
import { Fault } from '../../core/contract/fault.ts';
import type { KeyRecord, Scope } from '../../core/contract/principal.ts';

/** `now` in epoch ms. */
export function admit(key: KeyRecord, scope: Scope, now: number): Fault | undefined {
  if (key.expiresAt !== undefined && key.expiresAt <= now) return new Fault('token_expired');
  return key.scopes.includes(scope) ? undefined : new Fault('forbidden');
}

export function admitModel(key: KeyRecord, model: string): Fault | undefined {
  if (!key.models || key.models.includes(model)) return undefined;
  return new Fault('model_not_allowed', { param: 'model' });
}
