/** The port of every model provider, and the one failure that may leave it. */
import type { ChatChunk, ChatCompletion, ChatMessage, ChatRequest } from '../contract/chat.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../contract/embeddings.ts';
import type { Cost } from '../contract/money.ts';
import type { PriceList } from '../ledger/price.ts';
import type { CountedUsage } from '../ledger/token-usage.ts';

/** One attempt's view of a chat request, frozen: each attempt translates it anew. */
export interface LLMRequest {
  /** The target's own id of the model. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number | undefined;
  /** `max_completion_tokens`, else `max_tokens`. */
  readonly maxTokens: number | undefined;
  /** The validated body whole: what an adapter does not know it passes through or leaves out. */
  readonly wire: ChatRequest;
}

export interface ChatChoice {
  readonly index: number;
  readonly message: ChatCompletion['choices'][number]['message'];
  readonly finishReason: string;
}

export interface LLMResponse {
  readonly id: string;
  readonly model: string;
  readonly provider: string;
  readonly choices: readonly ChatChoice[];
  readonly usage: CountedUsage;
  readonly cost: Cost;
  /** Milliseconds from the call to the whole answer. */
  readonly latency: number;
  /** The same answer as OpenAI's wire has it, with everything else that the provider said. */
  readonly wire: ChatCompletion;
}

export interface Call {
  readonly requestId: string;
  /** Ends the upstream call when it fires; the adapter then throws what it was aborted with. */
  readonly signal: AbortSignal;
  /** W3C trace context for the upstream call. */
  readonly traceparent?: string;
}

/** A model as `/v1/models` shows it. */
export interface ModelInfo {
  readonly id: string;
  /** A sentence for people, where the id alone would mislead. */
  readonly description?: string;
}

/** What is about money; the same for every vendor. */
export interface ProviderPrices extends PriceList {
  /** The worst case before the call; `unpriced` is neither free nor an error. */
  estimateCost(request: LLMRequest): Cost;
}

/**
 * A stream is OpenAI's chunks, whatever the vendor speaks; it ends by returning once the answer is
 * whole, and throws a `ProviderFailure` otherwise. Only a `ProviderFailure`, or the reason of an
 * aborted `call.signal`, may escape a provider.
 */
export interface ProviderAdapter extends ProviderPrices {
  readonly name: string;
  isAvailable(): Promise<boolean>;
  listModels(): Promise<readonly ModelInfo[]>;
  generateCompletion(request: LLMRequest, call: Call): Promise<LLMResponse>;
  streamCompletion(request: LLMRequest, call: Call): AsyncIterable<ChatChunk>;
  /** Whether the stream of this request comes all at once, so that its first token is as late as its last. */
  readonly isUnstreamed?: (request: LLMRequest) => boolean;
  /** `model` in the request is the target's own id. Answers in the order of the inputs. */
  createEmbeddings(request: EmbeddingRequest, call: Call): Promise<EmbeddingResponse>;
}

/**
 * Why an upstream call failed. What follows from it (retry, failover, breaker, status) is decided in
 * `core/routing`, not by the adapter.
 */
export type FailureReason =
  /** No connection: refused, DNS, TLS, connect timeout. Nothing was sent. */
  | 'connect'
  /** The connection broke before an answer began. */
  | 'reset'
  | 'timeout'
  | 'rate-limited'
  /** 5xx, or the same said inside a 200 stream. */
  | 'server-error'
  /** The gateway's own credential was refused. */
  | 'auth'
  | 'model-not-found'
  | 'context-length'
  | 'content-policy'
  | 'invalid-request'
  /** The adapter knows that this provider cannot do what is asked: nothing was sent. */
  | 'unsupported'
  /** Not what the protocol says: HTML, broken JSON or frames, an endless line. */
  | 'bad-response'
  /** The answer ended before it was whole. */
  | 'interrupted';

export interface FailureDetails {
  readonly status?: number;
  /** The provider's own code (`insufficient_quota`, `ThrottlingException`), for the log row. */
  readonly upstreamCode?: string;
  /** The field that the provider found wrong, where it named one. */
  readonly param?: string;
  /** How long the provider asks to wait, from the moment of the failure. */
  readonly retryAfterMs?: number;
  /** Part of the answer had come. */
  readonly afterContent?: boolean;
  readonly cause?: unknown;
}

export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly reason: FailureReason;
  readonly details: FailureDetails;

  constructor(reason: FailureReason, details: FailureDetails = {}) {
    super(`provider call failed: ${reason}`, { cause: details.cause });
    this.reason = reason;
    this.details = details;
  }
}
