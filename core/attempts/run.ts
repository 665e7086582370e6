/** The state of one request's attempts, and the steps that change it. */
import type { ProviderFailure } from '../providers/provider.ts';
import type { Decision } from '../routing/decide.ts';
import type { FailedAttempt } from '../routing/exhausted.ts';
import type { TargetView } from '../routing/next-step.ts';
import type { Plan } from '../routing/plan.ts';
import type { RetryRules } from '../routing/retry.ts';
import { type Target, targetName } from '../routing/target.ts';
import type { Delivery } from '../routing/verdict.ts';
import type { AttemptRecord } from './attempt-record.ts';
import { type Clock, sleep } from './clock.ts';
import type { Lease, Settlement, TargetHealth } from './target-health.ts';

export interface AttemptRequest {
  readonly requestId: string;
  readonly plan: Plan;
  /** A `stream` has answered with its first content; a `whole` answer shows nothing before its end. */
  readonly delivery: Delivery;
  readonly maxAttempts: number;
  /** Epoch ms. No attempt and no wait outlives it. */
  readonly deadline: number;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
  /** What must have succeeded before the first call goes out; runs while the health is loaded. */
  readonly ready: Promise<unknown>;
}

export interface AttemptDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly health: TargetHealth;
  readonly retry: RetryRules;
}

export interface Run {
  readonly request: AttemptRequest;
  readonly deps: AttemptDeps;
  readonly lease: Lease;
  /** What was last heard of every target of the plan. */
  readonly views: Map<string, TargetView>;
  readonly records: AttemptRecord[];
  readonly failures: FailedAttempt[];
  untried: readonly TargetView[];
  failed: { readonly view: TargetView; readonly failure: ProviderFailure } | undefined;
  /** What the request has waited to try again. */
  repeating: Target | undefined;
  /** Where the request holds a place that it does not use yet. */
  held: Target | undefined;
  /** The views are from before the latest attempt. */
  isStale: boolean;
  waitedMs: number;
}

/** A stream may end a little after the deadline; then the places it holds fall back by themselves. */
const LEASE_MARGIN_MS = 5_000;

export const newRun = (request: AttemptRequest, deps: AttemptDeps): Run => ({
  request,
  deps,
  lease: { holder: request.requestId, until: request.deadline + LEASE_MARGIN_MS },
  views: new Map(),
  records: [],
  failures: [],
  untried: [],
  failed: undefined,
  repeating: undefined,
  held: undefined,
  isStale: false,
  waitedMs: 0,
});

/** Learns how the targets are, and makes them those that are left to try. */
export async function load(run: Run, targets: readonly Target[]): Promise<void> {
  await release(run);
  const { views, hasPlace } = await run.deps.health.load(targets, run.lease);
  run.untried = views.map((view) => (view.target === run.repeating ? outwaited(view) : view));
  run.held = hasPlace ? targets[0] : undefined;
  run.isStale = false;
  for (const view of run.untried) run.views.set(targetName(view.target), view);
}

export async function pause(
  run: Run,
  { ms, repeat }: Extract<Decision, { kind: 'wait' }>,
): Promise<void> {
  const { clock } = run.deps;
  await release(run);
  await sleep(clock, ms, run.request.signal);
  run.waitedMs += ms;
  if (run.request.signal.aborted) return;
  run.failed = undefined;
  if (!repeat) return load(run, remaining(run));
  run.repeating = repeat;
  await load(run, [repeat, ...remaining(run)]);
}

export const remaining = (run: Run): readonly Target[] => run.untried.map(({ target }) => target);

/** Lets the view's target have the next call, or passes over it until the next load. */
export async function admit(run: Run, view: TargetView): Promise<boolean> {
  const { target } = view;
  const hasPlace = run.held?.provider === target.provider;
  if (!hasPlace) await release(run);
  const isRepeated = run.failures.some(({ provider }) => provider === target.provider);
  const call = { lease: run.lease, isRepeated, hasPlace };
  const isAdmitted = await run.deps.health.admit(view, call);
  run.held = isAdmitted ? target : undefined;
  run.repeating = undefined;
  const refused = { ...view, isTaken: true };
  run.untried = run.untried.flatMap((other) => {
    if (other.target !== target) return other;
    return isAdmitted ? [] : refused;
  });
  if (!isAdmitted) run.views.set(targetName(target), refused);
  return isAdmitted;
}

export async function settle(
  run: Run,
  view: TargetView,
  settlement: Omit<Settlement, 'lease'>,
): Promise<TargetView> {
  run.held = undefined;
  run.isStale = true;
  run.untried = run.untried.map((other) => ({ ...other, isTaken: false }));
  const state = await run.deps.health.settle(view, { ...settlement, lease: run.lease });
  const settled = { ...view, state };
  run.views.set(targetName(view.target), settled);
  return settled;
}

/** Gives back a place that was not used. */
export async function release(run: Run): Promise<void> {
  const { held } = run;
  run.held = undefined;
  if (held) await run.deps.health.release(held, run.lease);
}

/** Who has waited for its own retry need not wait again for a window that was only assumed. */
const outwaited = (view: TargetView): TargetView => ({
  ...view,
  state: { ...view.state, crowdedUntil: 0 },
});
