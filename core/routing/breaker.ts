/** A circuit breaker as a value: it lives in the shared store, so a probe is a lease that a crash lets run out. */

export type Breaker =
  | { readonly at: 'closed'; readonly failures: number }
  | { readonly at: 'open'; readonly until: number; readonly trips: number }
  | {
      readonly at: 'probing';
      readonly until: number;
      readonly trips: number;
      /** The one call whose result counts. */
      readonly holder: string;
    };

export interface BreakerRules {
  /** Consecutive countable failures that open it. */
  readonly failures: number;
  readonly cooldownMs: number;
}

interface Admission {
  readonly holder: string;
  readonly now: number;
}

interface Result extends Admission {
  readonly ok: boolean;
}

export const CLOSED: Breaker = { at: 'closed', failures: 0 };

/** A failed probe stretches the cooldown up to this factor: a recovered target must not wait for long. */
const LONGEST_STRETCH = 2;

/** The breaker once the call is let in, or `refused`. One probe per cooldown, whatever becomes of it. */
export function admit(
  breaker: Breaker,
  { holder, now }: Admission,
  rules: BreakerRules,
): Breaker | 'refused' {
  if (breaker.at === 'closed') return breaker;
  if (now < breaker.until) return 'refused';
  return { at: 'probing', until: now + rules.cooldownMs, trips: breaker.trips, holder };
}

/** Returns the breaker itself where the result changes nothing: then nothing needs to be stored. */
export function settle(breaker: Breaker, result: Result, rules: BreakerRules): Breaker {
  switch (breaker.at) {
    case 'closed':
      return count(breaker, result, rules);
    case 'open':
      // A late result: its call was let in before the breaker opened.
      return breaker;
    case 'probing':
      if (result.holder !== breaker.holder) return breaker;
      return result.ok ? CLOSED : open(breaker.trips + 1, result.now, rules);
  }
}

function count(
  closed: Extract<Breaker, { at: 'closed' }>,
  { ok, now }: Result,
  rules: BreakerRules,
): Breaker {
  if (ok) return closed.failures === 0 ? closed : CLOSED;
  const failures = closed.failures + 1;
  return failures < rules.failures ? { at: 'closed', failures } : open(1, now, rules);
}

const open = (trips: number, now: number, { cooldownMs }: BreakerRules): Breaker => ({
  at: 'open',
  until: now + cooldownMs * Math.min(trips, LONGEST_STRETCH),
  trips,
});
