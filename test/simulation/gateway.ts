/** Environments of the gateway: the production routing core over one shared store, and a client for each request. */
import type { AttemptCall, TryTarget } from '../../core/attempts/attempt.ts';
import { sleep } from '../../core/attempts/clock.ts';
import type { AttemptDeps, AttemptRequest } from '../../core/attempts/run.ts';
import { runAttempts } from '../../core/attempts/run-attempts.ts';
import { watch } from '../../core/attempts/watch.ts';
import { ProviderFailure } from '../../core/providers/provider.ts';
import { planAttempts } from '../../core/routing/plan.ts';
import { type Target, targetName } from '../../core/routing/target.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Chunk } from './faults.ts';
import type { ClientView } from './history.ts';
import type { Answer, Plant } from './plants.ts';
import type { Scenario, ScriptedRequest } from './scenario.ts';
import type { Upstream } from './upstream.ts';

export interface Environment {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly upstream: Upstream;
  readonly deps: AttemptDeps;
  readonly plant: Plant;
}

/** Resolves when the client has its end and the gateway has settled. */
export async function serve(
  request: ScriptedRequest,
  environment: Environment,
  view: ClientView,
): Promise<void> {
  const { clock, plant, deps } = environment;
  const client = new AbortController();
  const stayLonger = clock.after(request.leavesAfterMs ?? Number.MAX_SAFE_INTEGER, () => {
    view.leftAt = clock.now();
    client.abort(new Error('The client has left.'));
  });
  const attemptRequest: AttemptRequest = {
    requestId: `r${request.id}`,
    plan: view.plan,
    delivery: request.delivery,
    maxAttempts: request.maxAttempts,
    deadline: view.arrivedAt + request.deadlineMs,
    signal: client.signal,
    ready: Promise.resolve(),
  };
  const kept: Chunk[] = [];
  const tryTarget: TryTarget<Answer> = (target, call) =>
    open(request, environment, { target, call, held: plant.keepsChunks ? kept : [] });
  const result = await runAttempts(
    plant.request?.(attemptRequest) ?? attemptRequest,
    plant.tryTarget?.(tryTarget) ?? tryTarget,
    deps,
  );
  view.attempts = result.attempts;
  if (result.kind === 'failed') finish(view, clock, 'error', result.fault.code);
  if (result.kind === 'abandoned') finish(view, clock, 'left');
  if (result.kind === 'answered') {
    view.committedAt = clock.now();
    const end = await deliver(result.answer, view, clock);
    finish(view, clock, end instanceof ProviderFailure ? (plant.brokenEnd ?? 'broken') : ENDS[end]);
    view.attempts = await result.settle(end);
  }
  stayLonger();
}

const ENDS = { answered: 'done', abandoned: 'left' } as const;

/** A request as it arrives: nothing seen yet. */
export function arrive(request: ScriptedRequest, environment: Environment): ClientView {
  const { clock, scenario, deps } = environment;
  const plan = planAttempts({
    ...scenario,
    requested: request.model,
    costOf: (target) => COSTS.get(targetName(target)) ?? 'unpriced',
    random: deps.random,
  });
  if (plan instanceof Error) throw plan;
  return {
    request,
    plan,
    arrivedAt: clock.now(),
    leftAt: undefined,
    committedAt: undefined,
    endedAt: Number.POSITIVE_INFINITY,
    end: 'open',
    code: undefined,
    text: '',
    attempts: [],
  };
}

const COSTS = new Map([
  ['p0/a', 30],
  ['p1/a', 20],
  ['p1/b', 10],
]);

const hasContent = ({ text, isFinish }: Chunk): boolean => text !== '' || isFinish;

async function open(
  { id, delivery }: ScriptedRequest,
  { upstream, clock }: Environment,
  {
    target,
    call,
    held,
  }: { readonly target: Target; readonly call: AttemptCall; readonly held: Chunk[] },
): Promise<Answer> {
  const source = upstream.call(id, target, call.signal);
  const rest = watch(source, target.limits, { ...call, clock, hasContent });
  for (;;) {
    const next = await rest.next();
    if (next.done) break;
    held.push(next.value);
    if (delivery === 'stream' && hasContent(next.value)) break;
  }
  return { held, rest, signal: call.signal };
}

async function deliver(
  { held, rest, signal }: Answer,
  view: ClientView,
  clock: VirtualClock,
): Promise<'answered' | 'abandoned' | ProviderFailure> {
  for (const { text } of held) view.text += text;
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done) return 'answered';
      view.text += next.value.text;
      const { readsAfterMs } = view.request;
      if (readsAfterMs > 0 && next.value.text) await sleep(clock, readsAfterMs, signal);
    }
  } catch (thrown) {
    return thrown instanceof ProviderFailure ? thrown : 'abandoned';
  }
}

function finish(
  view: ClientView,
  clock: VirtualClock,
  end: ClientView['end'],
  code?: string,
): void {
  view.end = end;
  view.code = code;
  view.endedAt = clock.now();
}
