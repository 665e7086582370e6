/**
 * What a request used, in one shape for every provider. Its parts sum to all tokens of the request, so
 * that none is charged twice; a part that nobody told is absent, which is not zero.
 */

export interface TokenUsage {
  /** Neither read from a cache nor written to one. */
  readonly uncachedInput: number;
  readonly cacheRead?: number | undefined;
  /** Written to be kept five minutes, or for as long as the provider keeps it unasked. */
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  readonly output: number;
  /** Of `uncachedInput`. */
  readonly audioInput?: number | undefined;
  readonly imageInput?: number | undefined;
  /** Of `output`. */
  readonly reasoning?: number | undefined;
  readonly audioOutput?: number | undefined;
}

export interface CountedUsage {
  readonly usage: TokenUsage;
  /** `estimated`: not told by the provider, or told in a way that cannot be. */
  readonly status: 'exact' | 'estimated';
}

export interface BilledUsage extends CountedUsage {
  /** How the provider says that it served the request: `default`, `flex`, `priority`; or `batch`. */
  readonly tier?: string | undefined;
}

export const cacheWriteTokens = ({ cacheWrite5m, cacheWrite1h }: TokenUsage): number | undefined =>
  cacheWrite5m === undefined && cacheWrite1h === undefined
    ? undefined
    : (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);

export const promptTokens = (usage: TokenUsage): number =>
  usage.uncachedInput + (usage.cacheRead ?? 0) + (cacheWriteTokens(usage) ?? 0);

export const totalTokens = (usage: TokenUsage): number => promptTokens(usage) + usage.output;
