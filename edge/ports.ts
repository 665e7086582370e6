/** What the edge needs from outside, each in one sentence; `worker.ts` says who provides it. */
import type { ChatCompletion } from '../core/contract/chat.ts';
import type { EdgeRecord } from '../core/contract/edge-record.ts';
import type { FaultCode } from '../core/contract/fault.ts';
import type { HopCaller } from '../core/contract/hop.ts';
import type { MicroUsd } from '../core/contract/money.ts';
import type { KeyId, KeyRecord } from '../core/contract/principal.ts';
import type { CacheKey } from './policy/cache-key.ts';
import type { QuotaReading, QuotaRule } from './policy/quota.ts';

/** Who a key belongs to. Undefined means there is no such key; not knowing is a rejection. */
export interface KeyStore {
  /** `requestId` of the request that asks, for the logs of whoever is asked. */
  find(digest: string, requestId: string): Promise<KeyRecord | undefined>;
}

/** Counts requests. Rejects when it cannot count; it never admits because of that. */
export interface RateLimiter {
  /**
   * Takes one request from every rule, or from none if any of them refuses. Hands `later` the work that
   * nobody has to wait for.
   */
  take(
    keyId: KeyId,
    rules: readonly QuotaRule[],
    later: (work: Promise<unknown>) => void,
  ): Promise<readonly QuotaReading[]>;
}

/** A finished answer that is kept, in the one form that renders as JSON and as a stream. */
export interface CachedAnswer {
  readonly completion: ChatCompletion;
  readonly provider: string;
  readonly model: string;
  /** Absent when the price is not known. */
  readonly costMicroUsd?: MicroUsd | undefined;
  /** Epoch ms. */
  readonly storedAt: number;
  readonly ttlSeconds: number;
}

export interface ResponseCache {
  find(key: CacheKey): Promise<CachedAnswer | undefined>;
  /** Kept for `answer.ttlSeconds`. */
  keep(key: CacheKey, answer: CachedAnswer): Promise<void>;
}

export interface CoreRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly caller: HopCaller;
  readonly signal: AbortSignal;
}

/** The core behind the signed hop. Rejects with `core_unavailable` when it does not answer as the core. */
export interface Core {
  send(request: CoreRequest): Promise<Response>;
}

/** Takes the record of a request that the edge answered itself; it has arrived once this resolves. */
export interface Records {
  send(record: EdgeRecord): Promise<void>;
}

export type LogEntry =
  | {
      readonly event: 'request';
      readonly requestId: string;
      readonly method: string;
      /** The pattern that matched, not the path: paths may hold what clients would not have logged. */
      readonly route: string;
      readonly status: number;
      readonly durationMs: number;
      readonly code?: FaultCode | undefined;
      readonly degraded?: string | undefined;
      /** What was answered in place of the core, or by a core that failed. */
      readonly coreStatus?: number | undefined;
      /** Where the unexpected was thrown; its message may quote a prompt and stays out. */
      readonly thrown?: string | undefined;
    }
  | { readonly event: 'answer-not-kept'; readonly requestId: string }
  | { readonly event: 'record-not-sent'; readonly record: EdgeRecord }
  /** The queue's last attempt failed: the dead letter queue has it now. */
  | { readonly event: 'record-not-delivered'; readonly record: unknown };

export type Log = (entry: LogEntry) => void;
