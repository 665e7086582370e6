/** What a chat completion is asked with, and what it answers. */
import type { ChatChunk, ChatCompletion, ChatRequest } from '../contract/chat.ts';
import type { MicroUsd } from '../contract/money.ts';
import type { RequestLog } from '../ledger/request-log.ts';
import type { RequestFacts } from '../ledger/row.ts';
import type { Provider } from '../providers/registry.ts';
import type { ProviderView } from '../routing/plan.ts';

export interface ChatDeps {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly views: () => readonly ProviderView[];
  readonly log: RequestLog;
  readonly now: () => number;
}

export interface ChatCall extends RequestFacts {
  readonly request: ChatRequest;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Keeps the process alive for work after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly traceparent: string | undefined;
}

interface AnsweredBy {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  /** How many targets were tried. */
  readonly attempts: number;
}

export type ChatAnswer =
  | (AnsweredBy & {
      readonly kind: 'whole';
      readonly completion: ChatCompletion;
      readonly cost: MicroUsd | 'unpriced';
    })
  | (AnsweredBy & {
      readonly kind: 'stream';
      /** Ends when the answer was whole; throws a `Fault` when it was not. */
      readonly chunks: AsyncGenerator<ChatChunk>;
    });
