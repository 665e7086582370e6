export interface RetryRules {
  readonly baseMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export interface RetryWait {
  /** Which retry of the target: 1, 2, … */
  readonly retry: number;
  /** What the latest failure asked for. */
  readonly retryAfterMs: number | undefined;
  /** Uniform in [0, 1). */
  readonly random: number;
}

export const MAX_ATTEMPTS = 6;
export const MAX_ATTEMPTS_PER_PROVIDER = 3;

/** Full jitter on top of what the provider asked for, so that the waiting do not come back all at once. */
export function retryWaitMs(
  { retry, retryAfterMs = 0, random }: RetryWait,
  { baseMs, factor, maxMs }: RetryRules,
): number {
  return retryAfterMs + random * Math.min(maxMs, baseMs * factor ** (retry - 1));
}
