/** A whole answer is its stream, gathered: so the two cannot differ, and first-token limits hold for both. */
import type { ChatChunk, Usage } from '../contract/chat.ts';
import { beginCompletion, finishCompletion, foldChunk } from '../contract/completion-stream.ts';
import type { MicroUsd } from '../contract/money.ts';
import { type LLMResponse, ProviderFailure } from './provider.ts';

export interface CollectOptions {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  readonly requestId: string;
  readonly price: (model: string, usage: Usage) => MicroUsd | 'unpriced';
  /** Epoch ms. */
  readonly now: () => number;
}

/** Throws what the stream throws, and `interrupted` when it ends before the answer is whole. */
export async function collectResponse(
  chunks: AsyncIterable<ChatChunk>,
  { provider, model, requestId, price, now }: CollectOptions,
): Promise<LLMResponse> {
  const startedAt = now();
  const created = Math.floor(startedAt / 1000);
  let soFar = beginCompletion({ id: `chatcmpl-${requestId}`, created, model });
  for await (const chunk of chunks) soFar = foldChunk(soFar, chunk);
  const wire = finishCompletion(soFar);
  if (!wire) throw new ProviderFailure('interrupted');
  return {
    id: wire.id,
    model: wire.model,
    provider,
    choices: wire.choices.map(({ index, message, finish_reason }) => ({
      index,
      message,
      finishReason: finish_reason,
    })),
    usage: wire.usage ?? undefined,
    cost: wire.usage ? price(model, wire.usage) : 'unpriced',
    latency: now() - startedAt,
    wire,
  };
}
