/** The loop that awaits: targets are tried one after the other until one answers or nothing is left. */
import { decide } from '../routing/decide.ts';
import { rankTargets } from '../routing/plan.ts';
import { type Target, targetName } from '../routing/target.ts';
import { type Answered, attempt, type Failed, type TryTarget } from './attempt.ts';
import type { AttemptRecord } from './attempt-record.ts';
import {
  type AttemptDeps,
  type AttemptRequest,
  admit,
  load,
  newRun,
  pause,
  type Run,
  release,
  remaining,
} from './run.ts';

export type AttemptsResult<Answer> =
  | Answered<Answer>
  | Failed
  /** The client has left. */
  | { readonly kind: 'abandoned'; readonly attempts: readonly AttemptRecord[] };

/**
 * Loads the health of the plan's targets while `request.ready` is on its way, then tries them. Rejects
 * only with what `ready` rejects with. An answer is `settle`d by its taker.
 */
export async function runAttempts<Answer>(
  request: AttemptRequest,
  tryTarget: TryTarget<Answer>,
  deps: AttemptDeps,
): Promise<AttemptsResult<Answer>> {
  const run = newRun(request, deps);
  try {
    await start(run);
    for (;;) {
      if (request.signal.aborted) return { kind: 'abandoned', attempts: run.records };
      const result = await advance(run, tryTarget);
      if (result) return result;
    }
  } finally {
    await release(run);
  }
}

async function start(run: Run): Promise<void> {
  const { plan, ready } = run.request;
  // Both are awaited even if one fails: a place that is still being taken could not be given back.
  const outcomes = await Promise.allSettled([ready, load(run, plan.targets)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const view = (target: Target) => run.views.get(targetName(target));
  run.untried = rankTargets(plan, (target) => view(target)?.firstTokenMs).flatMap(
    (target) => view(target) ?? [],
  );
}

/** One step, and the result if it has led to one. */
async function advance<Answer>(
  run: Run,
  tryTarget: TryTarget<Answer>,
): Promise<Answered<Answer> | Failed | undefined> {
  const decision = decideNow(run);
  if (run.isStale && decision.kind !== 'give-up' && run.untried.length > 0) {
    return void (await load(run, remaining(run)));
  }
  switch (decision.kind) {
    case 'give-up':
    case 'exhausted':
      return { kind: 'failed', fault: decision.fault, attempts: run.records };
    case 'wait':
      return void (await pause(run, decision));
    case 'try': {
      const isAdmitted = await admit(run, decision.view);
      return isAdmitted && !isOver(run) ? attempt(run, decision.view, tryTarget) : undefined;
    }
  }
}

/** Admission may have taken until the client had left or the time was up. */
const isOver = ({ request, deps }: Run): boolean =>
  request.signal.aborted || deps.clock.now() >= request.deadline;

function decideNow({ request, deps, views, untried, failures, failed }: Run) {
  const now = deps.clock.now();
  return decide(
    { views: [...views.values()], untried, attempts: failures, failed },
    { ...request, now, random: deps.random(), rules: deps.retry },
  );
}
