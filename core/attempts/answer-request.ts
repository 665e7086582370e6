/**
 * One accepted request from its plan to its answer, and from its answer's end to its closed row. Its money goes
 * the same way: reserve → dispatch → close the row → settle from the row.
 */
import type { Admission, Budgets, Lease } from '../budgets/budgets.ts';
import { Fault, toFault } from '../contract/fault.ts';
import type { Charged } from '../ledger/bill.ts';
import { type AttemptCost, gatewayCost } from '../ledger/gateway-cost.ts';
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
import type { AttemptEnd, AttemptRecord } from './attempt-record.ts';
import type { Planner } from './planner.ts';
import type { AttemptDeps } from './run.ts';
import { runAttempts } from './run-attempts.ts';
import { type CallSize, worstCaseOf } from './worst-case.ts';

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
  /** Told once whether budgets and limits let the request pass. */
  readonly onAdmission: (admission: Admission) => void;
}

export interface RequestInHand {
  readonly request: AcceptedRequest;
  readonly plan: Plan;
  /** Closing it settles the lease from it. */
  readonly row: OpenRequest;
  readonly admission: Lease['admission'];
  /** Of every attempt, in order; added to by whoever makes one. */
  readonly attemptCosts: AttemptCost[];
}

export interface Try<Answer> {
  readonly delivery: Delivery;
  readonly tryTarget: TryTarget<Answer>;
}

export interface RequestDeps extends OpenRequestDeps {
  readonly planner: Planner;
  readonly attempts: AttemptDeps;
  readonly budgets: Budgets;
}

/**
 * Plans the request, starts to write its row and to reserve what it may take, beside everything that follows.
 * Throws the planner's `Fault`.
 */
export function takeInHand(
  request: AcceptedRequest,
  deps: RequestDeps,
  size: CallSize,
): RequestInHand {
  const plan = deps.planner.plan(request.model, (adapter, target) =>
    adapter.worstCase(target.model, size.boundsOf(adapter, target)),
  );
  if (plan instanceof Fault) {
    request.waitUntil(deps.log.record(finalRow(request, rejectedWith(plan), deps.now())));
    throw plan;
  }
  const { costMicroUsd, inputMicroUsd, tokens } = worstCaseOf(plan, size, deps.planner);
  const lease = deps.budgets.lease({ ...request, costMicroUsd, tokens });
  const facts = {
    ...request,
    plan: plan.targets.map(targetName),
    ...(request.principal.budgets.length > 0 && { reservedMicroUsd: costMicroUsd }),
    inputBoundMicroUsd: inputMicroUsd,
  };
  const row = settled(openRequest(facts, deps), lease);
  return { request, plan, row, admission: lease.admission, attemptCosts: [] };
}

const rejectedWith = (fault: Fault): Settlement => ({ ...failedWith(fault), outcome: 'rejected' });

const settled = ({ durable, close }: OpenRequest, lease: Lease): OpenRequest => ({
  durable,
  async close(settlement) {
    const row = await close(settlement);
    await lease.settle(row);
    return row;
  },
});

/** Throws the `Fault` to answer with, its row on the way to being closed. Resolves once the open row is durable. */
export async function answerRequest<Answer>(
  { request, plan, row, admission, attemptCosts }: RequestInHand,
  { delivery, tryTarget }: Try<Answer>,
  deps: AttemptDeps,
): Promise<Answered<Answer>> {
  const ready = admission.then((decided) => {
    request.onAdmission(decided);
    if (decided.refusal) throw decided.refusal;
  });
  const closeUnanswered = async (settlement: Settlement) =>
    row.close({
      ...settlement,
      gatewayCostMicroUsd: await gatewayCost(settlement.attempts, attemptCosts),
    });
  const running = runAttempts({ ...request, plan, delivery, ready }, tryTarget, deps);
  const result = await running.catch((refusal: unknown) => {
    return { kind: 'refused', fault: toFault(refusal) } as const;
  });
  switch (result.kind) {
    case 'refused':
      request.waitUntil(row.close(rejectedWith(result.fault)));
      throw result.fault;
    case 'answered':
      await row.durable;
      return result;
    case 'failed':
      request.waitUntil(
        closeUnanswered({ ...failedWith(result.fault), attempts: result.attempts }),
      );
      throw result.fault.with({ attempts: result.attempts.length });
    case 'abandoned':
      request.waitUntil(closeUnanswered({ ...CLIENT_CLOSED, attempts: result.attempts }));
      throw new Fault('request_timeout', { message: 'The client closed the request.' });
  }
}

export interface Conclusion
  extends Omit<Settlement, 'attempts' | 'usage' | 'cost' | 'gatewayCostMicroUsd'> {
  readonly end: AttemptEnd;
  /** A promise where the gateway has to count the tokens itself. */
  readonly bill: Charged | Promise<Charged>;
}

/** To be called once, when the answer has ended: tells the target's health how, and closes the row. */
export function concludeRequest(
  { request, row, attemptCosts }: RequestInHand,
  { target, settle }: Answered<unknown>,
  { end, bill, ...settlement }: Conclusion,
): void {
  const { provider, model: upstreamModel } = target;
  const close = async ([attempts, { usage, cost }]: [readonly AttemptRecord[], Charged]) => {
    const others = await gatewayCost(attempts.slice(0, -1), attemptCosts);
    await row.close({
      ...settlement,
      provider,
      upstreamModel,
      attempts,
      usage,
      cost,
      gatewayCostMicroUsd: others,
    });
  };
  request.waitUntil(Promise.all([settle(end), bill]).then(close));
}
