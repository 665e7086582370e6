/** One accepted request from its plan to its answer, and from its answer's end to its closed row. */
import { Fault } from '../contract/fault.ts';
import { type OpenRequest, type OpenRequestDeps, openRequest } from '../ledger/open-request.ts';
import {
  CLIENT_CLOSED,
  failedWith,
  finalRow,
  type RequestFacts,
  type Settlement,
} from '../ledger/row.ts';
import type { Plan } from '../routing/plan.ts';
import { targetName } from '../routing/target.ts';
import type { Delivery } from '../routing/verdict.ts';
import type { Answered, TryTarget } from './attempt.ts';
import type { AttemptEnd } from './attempt-record.ts';
import type { CostOfTarget, Planner } from './planner.ts';
import type { AttemptDeps } from './run.ts';
import { runAttempts } from './run-attempts.ts';

export interface CallBounds {
  /** Epoch ms: no attempt, no wait and no stream outlives it. */
  readonly deadline: number;
  readonly maxAttempts: number;
}

export interface AcceptedRequest extends CallBounds, RequestFacts {
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Keeps the process alive for work after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export interface RequestInHand {
  readonly request: AcceptedRequest;
  readonly plan: Plan;
  readonly row: OpenRequest;
}

export interface Try<Answer> {
  readonly delivery: Delivery;
  readonly tryTarget: TryTarget<Answer>;
}

export interface RequestDeps extends OpenRequestDeps {
  readonly planner: Planner;
  readonly attempts: AttemptDeps;
}

/** Plans the request and starts to write its row, beside everything that follows. Throws the planner's `Fault`. */
export function takeInHand(
  request: AcceptedRequest,
  deps: RequestDeps,
  costOf: CostOfTarget,
): RequestInHand {
  const plan = deps.planner.plan(request.model, costOf);
  if (plan instanceof Fault) {
    const refusal = { ...failedWith(plan), outcome: 'rejected' } as const;
    request.waitUntil(deps.log.record(finalRow(request, refusal, deps.now())));
    throw plan;
  }
  const facts = { ...request, plan: plan.targets.map(targetName) };
  return { request, plan, row: openRequest(facts, deps) };
}

/** Throws the `Fault` to answer with, its row on the way to being closed. Resolves once the open row is durable. */
export async function answerRequest<Answer>(
  { request, plan, row }: RequestInHand,
  { delivery, tryTarget }: Try<Answer>,
  deps: AttemptDeps,
): Promise<Answered<Answer>> {
  const ready = Promise.resolve();
  const result = await runAttempts({ ...request, plan, delivery, ready }, tryTarget, deps);
  switch (result.kind) {
    case 'answered':
      await row.durable;
      return result;
    case 'failed':
      request.waitUntil(row.close({ ...failedWith(result.fault), attempts: result.attempts }));
      throw result.fault.with({ attempts: result.attempts.length });
    case 'abandoned':
      request.waitUntil(row.close({ ...CLIENT_CLOSED, attempts: result.attempts }));
      throw new Fault('request_timeout', { message: 'The client closed the request.' });
  }
}

/** To be called once, when the answer has ended: tells the target's health how, and closes the row. */
export function concludeRequest(
  { request, row }: RequestInHand,
  { target, settle }: Answered<unknown>,
  { end, ...settlement }: Omit<Settlement, 'attempts'> & { readonly end: AttemptEnd },
): void {
  const { provider, model: upstreamModel } = target;
  request.waitUntil(
    settle(end).then((attempts) => row.close({ ...settlement, provider, upstreamModel, attempts })),
  );
}
