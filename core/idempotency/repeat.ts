/** What a client's idempotency key may be, and what a second request under it is told. */
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import type { Holding } from './idempotency-store.ts';

/** No longer than this until an answer under way is asked for again; it may be there at any time. */
const ASK_AGAIN_SECONDS = 5;

export function checkIdempotencyKey(key: string): Fault | undefined {
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return undefined;
  const param = HEADER.idempotencyKey;
  const message = `The header ${param} must be 1 to 255 printable ASCII characters.`;
  return new Fault('invalid_parameter', { param, message });
}

/** Undefined if it gets the answer that was kept. `now` in epoch ms. */
export function refuseRepeat(held: Holding, bodyDigest: string, now: number): Fault | undefined {
  if (held.bodyDigest !== bodyDigest) return new Fault('idempotency_mismatch');
  if (held.state === 'not-kept') return new Fault('idempotency_not_kept');
  if (held.state !== 'in-flight') return undefined;
  const leftSeconds = Math.max(1, Math.ceil((held.expiresAt - now) / 1000));
  const retryAfterSeconds = Math.min(leftSeconds, ASK_AGAIN_SECONDS);
  return new Fault('idempotency_in_flight', { retryAfterSeconds });
}
