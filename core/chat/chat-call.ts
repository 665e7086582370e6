/** What a chat completion is asked with, and what it answers. */
import type { AcceptedRequest, RequestDeps } from '../attempts/answer-request.ts';
import type { ChatChunk, ChatCompletion, ChatRequest } from '../contract/chat.ts';
import type { Cost } from '../contract/money.ts';

export type ChatDeps = RequestDeps;

export interface ChatCall extends AcceptedRequest {
  readonly request: ChatRequest;
  /** A stream that is not sent before the whole answer is there. */
  readonly verified: boolean;
  readonly traceparent: string | undefined;
}

export interface AnsweredBy {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  /** How many calls it took. */
  readonly attempts: number;
}

export type ChatAnswer =
  | {
      readonly kind: 'whole';
      readonly by: AnsweredBy;
      readonly completion: ChatCompletion;
      readonly cost: Cost;
    }
  | {
      readonly kind: 'stream';
      /** Not known yet where a reasoning model is still thinking. */
      readonly by: AnsweredBy | undefined;
      /** Ends when the answer was whole; throws a `Fault` when it was not. */
      readonly chunks: AsyncGenerator<ChatChunk>;
    };
