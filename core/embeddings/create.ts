/** Embeddings: plan → open the row beside the first attempt → try the targets → answer → close the row. */
import {
  type AcceptedRequest,
  answerRequest,
  concludeRequest,
  type RequestDeps,
  takeInHand,
} from '../attempts/answer-request.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../contract/embeddings.ts';
import type { Cost } from '../contract/money.ts';
import { boundInput } from '../ledger/prompt-size.ts';
import type { Target } from '../routing/target.ts';
import { billEmbeddings } from './bill-embeddings.ts';

export interface EmbeddingCall extends AcceptedRequest {
  readonly request: EmbeddingRequest;
  readonly traceparent: string | undefined;
}

export interface EmbeddingAnswer {
  readonly response: EmbeddingResponse;
  readonly cost: Cost;
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
  const bounds = { input: boundInput(call.request), output: 0 };
  const inHand = takeInHand(call, deps, { boundsOf: () => bounds, rounds: 1 });
  const { requestId, traceparent } = call;
  const billFor = (target: Target, report: EmbeddingResponse['usage']) =>
    billEmbeddings(report, call.request, (usage) =>
      planner.adapterOf(target).price(target.model, usage),
    );
  const answered = await answerRequest(
    inHand,
    {
      delivery: 'whole',
      tryTarget(target, { signal }) {
        const adapter = planner.adapterOf(target);
        inHand.attemptCosts.push(async () => (await billFor(target, undefined)).cost);
        return adapter.createEmbeddings(
          { ...call.request, model: target.model },
          { requestId, signal, ...(traceparent && { traceparent }) },
        );
      },
    },
    attempts,
  );
  const { target, answer } = answered;
  const bill = await billFor(target, answer.usage);
  concludeRequest(inHand, answered, {
    end: 'answered',
    outcome: 'success',
    httpStatus: 200,
    bill,
  });
  return {
    response: { ...answer, usage: bill.wire },
    cost: bill.cost,
    provider: target.provider,
    model: target.model,
    attempts: answered.attempts.length,
  };
}
