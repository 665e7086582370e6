import type { Lease, Settlement, TargetHealth } from '../attempts/target-health.ts';
import type { TargetView } from '../routing/next-step.ts';
import { repayRetry, spendRetry } from '../routing/retry-budget.ts';
import type { Target } from '../routing/target.ts';
import {
  admitToTarget,
  type HealthRules,
  settleTarget,
  smoothFirstToken,
  type TargetState,
  UNTOUCHED,
} from '../routing/target-state.ts';
import { withFallback } from './fallback-redis.ts';
import { createInProcessRedis } from './in-process-redis.ts';
import type { RedisPort } from './redis-port.ts';
import { createRoutingValues, type RoutingValues } from './routing-values.ts';

interface TargetHealthDeps {
  readonly redis: RedisPort;
  readonly rules: HealthRules;
  /** Epoch ms. */
  now(): number;
  /** Redis failed: until it is back, this process knows only what it has seen itself. */
  onFailure(error: unknown): void;
}

interface Context {
  readonly values: RoutingValues;
  readonly rules: HealthRules;
  now(): number;
}

/** The health of targets as values in Redis; what becomes of them is decided in `core/routing`. */
export function createRedisTargetHealth({
  redis,
  rules,
  now,
  onFailure,
}: TargetHealthDeps): TargetHealth {
  const local = createInProcessRedis({ now });
  const values = createRoutingValues(withFallback({ shared: redis, local, now, onFailure }));
  const context = { values, rules, now };
  const take = (target: Target, lease: Lease) => values.takePlace(target, { ...lease, now: now() });
  return {
    async load(targets, lease) {
      const [first] = targets;
      const [known, hasPlace = false] = await Promise.all([
        values.read(targets),
        first && take(first, lease),
      ]);
      const isTaken = ({ provider }: Target) => !hasPlace && provider === first?.provider;
      return { views: known.map((view) => ({ ...view, isTaken: isTaken(view.target) })), hasPlace };
    },
    async admit(view, { lease, isRepeated, hasPlace }) {
      const { target } = view;
      if (!hasPlace && !(await take(target, lease))) return false;
      if ((await count(context, view, isRepeated)) && (await enter(context, view, lease)))
        return true;
      await values.leavePlace(target, lease.holder);
      return false;
    },
    async settle(view, settlement) {
      const [state] = await Promise.all([
        conclude(context, view.target, settlement),
        values.leavePlace(view.target, settlement.lease.holder),
        measure(context, view, settlement),
      ]);
      return state;
    },
    release: (target, lease) => values.leavePlace(target, lease.holder),
  };
}

async function count({ values, now }: Context, view: TargetView, isRepeated: boolean) {
  if (isRepeated) {
    const spent = await values.spendRetry(view.target, (budget) => spendRetry(budget, now()));
    return spent !== 'refused';
  }
  // Not awaited: nothing depends on it.
  if (view.retries.spentAt.length > 0) {
    void values.repayRetry(view.target, (budget) => repayRetry(budget, now()));
  }
  return true;
}

/** A closed breaker lets everyone in; for a probe of any other there is one lease. */
async function enter({ values, rules, now }: Context, view: TargetView, { holder }: Lease) {
  if (view.state.breaker.at === 'closed') return true;
  const entered = await values.changeState(view.target, (state) =>
    admitToTarget(state, { holder, now: now() }, rules),
  );
  return entered !== 'refused';
}

async function conclude(
  { values, rules, now }: Context,
  target: Target,
  { outcome, lease }: Settlement,
): Promise<TargetState> {
  const moment = { outcome, holder: lease.holder, now: now() };
  const settled = await values.changeState(target, (state) => settleTarget(state, moment, rules));
  // Others kept getting in first: the request goes on with what it has seen itself.
  return settled === 'refused' ? settleTarget(UNTOUCHED, moment, rules) : settled;
}

async function measure(
  { values }: Context,
  { target, firstTokenMs: before }: TargetView,
  { firstTokenMs }: Settlement,
): Promise<void> {
  if (firstTokenMs === undefined) return;
  await values.setFirstToken(target, smoothFirstToken(before, firstTokenMs));
}
