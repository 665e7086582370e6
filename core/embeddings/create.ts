/** Embeddings: plan → open the row beside the first attempt → try the targets → answer → close the row. */
import {
  type AcceptedRequest,
  answerRequest,
  concludeRequest,
  type RequestDeps,
  takeInHand,
} from '../attempts/answer-request.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../contract/embeddings.ts';
import type { MicroUsd } from '../contract/money.ts';

export interface EmbeddingCall extends AcceptedRequest {
  readonly request: EmbeddingRequest;
  readonly traceparent: string | undefined;
}

export interface EmbeddingAnswer {
  readonly response: EmbeddingResponse;
  readonly cost: MicroUsd | 'unpriced';
  readonly provider: string;
  readonly model: string;
  readonly attempts: number;
}

/** Throws a `Fault`; its row is then on the way to being closed. */
export async function createEmbeddings(
  call: EmbeddingCall,
  deps: RequestDeps,
): Promise<EmbeddingAnswer> {
  const { planner, attempts } = deps;
  const inHand = takeInHand(call, deps, (adapter, { model }) =>
    adapter.price(model, worstUsage(call.request)),
  );
  const { requestId, traceparent } = call;
  const answered = await answerRequest(
    inHand,
    {
      delivery: 'whole',
      tryTarget: (target, { signal }) =>
        planner
          .adapterOf(target)
          .createEmbeddings(
            { ...call.request, model: target.model },
            { requestId, signal, ...(traceparent && { traceparent }) },
          ),
    },
    attempts,
  );
  const { target, answer } = answered;
  const usage = answer.usage && { ...answer.usage, completion_tokens: 0 };
  const cost = usage ? planner.adapterOf(target).price(target.model, usage) : 'unpriced';
  concludeRequest(inHand, answered, {
    end: 'answered',
    outcome: 'success',
    httpStatus: 200,
    usage,
    cost,
  });
  return {
    response: answer,
    cost,
    provider: target.provider,
    model: target.model,
    attempts: answered.attempts.length,
  };
}

/** Bytes bound tokens from above, since no token is shorter than a byte. */
function worstUsage({ input }: EmbeddingRequest) {
  const bytes = new TextEncoder().encode(JSON.stringify(input)).byteLength;
  return { prompt_tokens: bytes, completion_tokens: 0, total_tokens: bytes };
}
