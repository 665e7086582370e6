/** A model at a provider: the thing an attempt is made on. */
export interface Target {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  readonly reasoning: boolean;
  readonly limits: TimeLimits;
  /** Retries of this target that one request may make. */
  readonly retryAttempts: number;
  /** Calls that the provider may have in flight over all instances; absent means no limit. */
  readonly maxConcurrency: number | undefined;
}

export interface TimeLimits {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  /** Of one attempt, where it is configured; else only the request's deadline ends a stream. */
  readonly totalMs: number | undefined;
  /** Of an attempt at a whole answer, where nothing is configured. */
  readonly wholeMs?: number;
}

export const targetName = ({ provider, model }: Target): string => `${provider}/${model}`;
