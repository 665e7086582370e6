/** What routing keeps in Redis, key by key: all under one hash tag, so that one call reads it in a cluster too. */
import * as z from 'zod';
import type { TargetView } from '../routing/next-step.ts';
import { RETRY_WINDOW_MS, type RetryBudget, UNSPENT } from '../routing/retry-budget.ts';
import { type Target, targetName } from '../routing/target.ts';
import { type TargetState, UNTOUCHED } from '../routing/target-state.ts';
import type { RedisPort } from './redis-port.ts';
import { type Change, changeValue, parseValue, type ValueKind } from './shared-value.ts';

const STATE: ValueKind<TargetState> = {
  schema: z.object({
    breaker: z.discriminatedUnion('at', [
      z.object({ at: z.literal('closed'), failures: z.number() }),
      z.object({ at: z.literal('open'), until: z.number(), trips: z.number() }),
      z.object({
        at: z.literal('probing'),
        until: z.number(),
        trips: z.number(),
        holder: z.string(),
      }),
    ]),
    limitedUntil: z.number(),
    crowdedUntil: z.number(),
    latchedUntil: z.number(),
  }),
  initial: UNTOUCHED,
  ttlMs: 86_400_000,
};

const RETRIES: ValueKind<RetryBudget> = {
  schema: z.object({ spentAt: z.array(z.number()), requests: z.number() }),
  initial: UNSPENT,
  ttlMs: RETRY_WINDOW_MS,
};

/** A target that was not used for so long is explored again. */
const FIRST_TOKEN: ValueKind<number | undefined> = {
  schema: z.number(),
  initial: undefined,
  ttlMs: 600_000,
};

const stateKey = (target: Target) => `{routing}:state:${targetName(target)}`;
const firstTokenKey = (target: Target) => `{routing}:first-token:${targetName(target)}`;
const retriesKey = ({ provider }: Target) => `{routing}:retries:${provider}`;
const placesKey = ({ provider }: Target) => `{routing}:places:${provider}`;

export type RoutingValues = ReturnType<typeof createRoutingValues>;

export function createRoutingValues(redis: RedisPort) {
  return {
    async read(targets: readonly Target[]): Promise<readonly Omit<TargetView, 'isTaken'>[]> {
      const keys = targets.map((target) => [
        stateKey(target),
        firstTokenKey(target),
        retriesKey(target),
      ]);
      const texts = await redis.getMany(keys.flat());
      return targets.map((target, index) => ({
        target,
        state: parseValue(STATE, texts[3 * index]),
        firstTokenMs: parseValue(FIRST_TOKEN, texts[3 * index + 1]),
        retries: parseValue(RETRIES, texts[3 * index + 2]),
      }));
    },
    changeState: (target: Target, change: Change<TargetState>) =>
      changeValue(redis, { key: stateKey(target), kind: STATE }, change),
    spendRetry: (target: Target, change: Change<RetryBudget>) =>
      changeValue(redis, { key: retriesKey(target), kind: RETRIES }, change),
    /** Does not insist: a request that goes uncounted only means a retry less. */
    repayRetry: (target: Target, change: Change<RetryBudget>) =>
      changeValue(redis, { key: retriesKey(target), kind: RETRIES, rounds: 1 }, change),
    setFirstToken: (target: Target, ms: number) =>
      redis.set(firstTokenKey(target), String(ms), FIRST_TOKEN.ttlMs),
    async takePlace(target: Target, place: { holder: string; until: number; now: number }) {
      const limit = target.maxConcurrency;
      return limit === undefined || redis.takePlace(placesKey(target), { ...place, limit });
    },
    async leavePlace(target: Target, holder: string): Promise<void> {
      if (target.maxConcurrency !== undefined) await redis.leavePlace(placesKey(target), holder);
    },
  };
}
