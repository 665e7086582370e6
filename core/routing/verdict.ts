/** What follows from a failed attempt. Each failure is judged here and nowhere else. */
import { Fault } from '../contract/fault.ts';
import type { FailureReason, ProviderFailure } from '../providers/provider.ts';
import { CODE_OF_FAILURE } from './failure-code.ts';
import { type RetryRules, retryWaitMs } from './retry.ts';

export type Verdict =
  | { readonly kind: 'retry-same'; readonly afterMs: number }
  | { readonly kind: 'next-target' }
  | { readonly kind: 'give-up'; readonly fault: Fault };

/** `whole` answers show nothing before their end, so even a broken one can be had again. */
export type Delivery = 'stream' | 'whole';

export interface Situation {
  /** Another target is admissible now: then nobody waits for this one. */
  readonly hasAnother: boolean;
  /** The limits of attempts and the breaker would let this target be called again. */
  readonly mayRepeat: boolean;
  /** Retries of this target that the request has made, and may make. */
  readonly retries: number;
  readonly retryAttempts: number;
  readonly delivery: Delivery;
  readonly now: number;
  readonly deadline: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly rules: RetryRules;
}

type Repeat = 'often' | 'once' | 'never' | 'give-up';

/**
 * A target that does not connect or keeps silent will not soon do better; one that answers may. Where
 * the request itself is at fault, no provider is asked again, least of all another one.
 */
const REPEAT: Readonly<Record<FailureReason, Repeat>> = {
  'server-error': 'often',
  reset: 'once',
  'rate-limited': 'once',
  interrupted: 'never',
  connect: 'never',
  timeout: 'never',
  auth: 'never',
  'model-not-found': 'never',
  'bad-response': 'never',
  unsupported: 'never',
  'context-length': 'give-up',
  'content-policy': 'give-up',
  'invalid-request': 'give-up',
};

export function verdict(failure: ProviderFailure, situation: Situation): Verdict {
  const repeat = REPEAT[failure.reason];
  if (repeat === 'give-up') return { kind: 'give-up', fault: toFault(failure) };
  const { hasAnother, mayRepeat, retries, now, deadline, random, rules } = situation;
  if (hasAnother || !mayRepeat || retries >= allowedRetries(repeat, failure, situation)) {
    return { kind: 'next-target' };
  }
  const { retryAfterMs } = failure.details;
  const afterMs = retryWaitMs({ retry: retries + 1, retryAfterMs, random }, rules);
  return now + afterMs < deadline ? { kind: 'retry-same', afterMs } : { kind: 'next-target' };
}

function allowedRetries(
  repeat: Exclude<Repeat, 'give-up'>,
  { reason, details }: ProviderFailure,
  { retryAttempts, delivery }: Situation,
): number {
  const once = Math.min(1, retryAttempts);
  // Broken off, not garbled: a whole answer, of which nobody has seen a part, may be had again.
  if (details.afterContent && reason !== 'bad-response') return delivery === 'whole' ? once : 0;
  switch (repeat) {
    case 'often':
      return retryAttempts;
    case 'once':
      return once;
    case 'never':
      return 0;
  }
}

function toFault(failure: ProviderFailure): Fault {
  const { param } = failure.details;
  const code = CODE_OF_FAILURE[failure.reason];
  return new Fault(code, { cause: failure, ...(param !== undefined && { param }) });
}
