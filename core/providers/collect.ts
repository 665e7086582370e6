/** A whole answer is its stream, gathered: so the two cannot differ, and first-token limits hold for both. */
import { beginCompletion, finishCompletion, foldChunk } from '../contract/completion-stream.ts';
import type { BilledStream } from '../ledger/bill.ts';
import { type LLMResponse, ProviderFailure } from './provider.ts';

export interface CollectOptions {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly model: string;
  readonly requestId: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Throws what the stream throws, and `interrupted` when it ends before the answer is whole. */
export async function collectResponse(
  { chunks, bill }: BilledStream,
  { provider, model, requestId, now }: CollectOptions,
): Promise<LLMResponse> {
  const startedAt = now();
  const created = Math.floor(startedAt / 1000);
  let soFar = beginCompletion({ id: `chatcmpl-${requestId}`, created, model });
  for await (const chunk of chunks) soFar = foldChunk(soFar, chunk);
  const completion = finishCompletion({ ...soFar, usage: undefined });
  if (!completion) throw new ProviderFailure('interrupted');
  const { usage, cost, wire } = await bill();
  return {
    id: completion.id,
    model: completion.model,
    provider,
    choices: completion.choices.map(({ index, message, finish_reason }) => ({
      index,
      message,
      finishReason: finish_reason,
    })),
    usage,
    cost,
    latency: now() - startedAt,
    wire: { ...completion, usage: wire },
  };
}
