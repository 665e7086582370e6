/** A provider's stream, gathered into one answer. */
import type { ChatChunk, Usage } from '../contract/chat.ts';
import { beginCompletion, finishCompletion, foldChunk } from '../contract/completion-stream.ts';
import type { MicroUsd } from '../contract/money.ts';
import { type LLMResponse, ProviderFailure } from './provider.ts';

export interface CollectOptions {
  readonly provider: string;
  readonly model: string;
  readonly requestId: string;
  readonly price: (usage: Usage) => MicroUsd | 'unpriced';
  readonly now: () => number;
}

/** Throws `ProviderFailure` ("interrupted") when the stream ends before the answer is whole. */
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
    cost: wire.usage ? price(wire.usage) : 'unpriced',
    latency: now() - startedAt,
    wire,
  };
}
