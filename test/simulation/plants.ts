/** Bugs for the checker to catch, each put in at a port: production code has no switches for them. */
import type { TryTarget } from '../../core/attempts/attempt.ts';
import type { AttemptRequest } from '../../core/attempts/run.ts';
import type { TargetHealth } from '../../core/attempts/target-health.ts';
import { type FailureReason, ProviderFailure } from '../../core/providers/provider.ts';
import { CLOSED } from '../../core/routing/breaker.ts';
import type { HealthRules, Outcome } from '../../core/routing/target-state.ts';
import type { RedisPort } from '../../core/state/redis-port.ts';
import type { Chunk } from './faults.ts';

/** An answer on its way: what has come, and the rest of it. */
export interface Answer {
  readonly held: readonly Chunk[];
  readonly rest: AsyncIterator<Chunk>;
  /** Of the upstream call. */
  readonly signal: AbortSignal;
}

export interface Plant {
  rules?(rules: HealthRules): HealthRules;
  redis?(redis: RedisPort): RedisPort;
  health?(health: TargetHealth): TargetHealth;
  random?(): number;
  request?(request: AttemptRequest): AttemptRequest;
  tryTarget?(tryTarget: TryTarget<Answer>): TryTarget<Answer>;
  /** How the gateway ends a stream that broke after its commit. */
  readonly brokenEnd?: 'done';
  /** What a failed attempt has sent is not thrown away. */
  readonly keepsChunks?: true;
}

export const SOUND: Plant = {};

export const PLANTS: Readonly<Record<string, Plant>> = {
  'breaker opens one failure late': { rules: withFailures((failures) => failures + 1) },
  'breaker opens one failure early': { rules: withFailures((failures) => failures - 1) },
  'a half-open breaker lets everyone in': {
    health: (health) => ({
      ...health,
      admit: (view, call) =>
        health.admit({ ...view, state: { ...view.state, breaker: CLOSED } }, call),
    }),
  },
  '429 counts as a failure': { health: relabelled('rate-limited', 'server-error') },
  'concurrent changes overwrite each other': {
    redis: (redis) => ({
      ...redis,
      async replace(key, change) {
        await redis.set(key, change.next, change.ttlMs);
        return true;
      },
    }),
  },
  'no retry budget': {
    redis: (redis) => ({
      ...redis,
      replace: async (key, change) => key.includes(':retries:') || redis.replace(key, change),
    }),
  },
  'no limit of concurrency': { redis: (redis) => ({ ...redis, takePlace: async () => true }) },
  'places are not given back': { redis: (redis) => ({ ...redis, leavePlace: async () => {} }) },
  'no jitter': { random: () => 0.999 },
  'jitter beyond its bound': { random: () => 1.5 },
  'Retry-After ignored': {
    tryTarget: failingAs(({ reason, details: { retryAfterMs: _, ...details } }) => [
      reason,
      details,
    ]),
  },
  'a content refusal fails over': {
    tryTarget: failingAs(({ reason, details }) => [
      reason === 'content-policy' ? 'server-error' : reason,
      details,
    ]),
  },
  'a broken stream ends as if it were whole': { brokenEnd: 'done' },
  'an answer begins with what a failed attempt left': {
    keepsChunks: true,
  },
  'no deadline': { request: (request) => ({ ...request, deadline: request.deadline + 60_000 }) },
  'the client leaves unnoticed': {
    request: (request) => ({ ...request, signal: new AbortController().signal }),
  },
};

function withFailures(change: (failures: number) => number) {
  return (rules: HealthRules): HealthRules => ({
    ...rules,
    breaker: { ...rules.breaker, failures: change(rules.breaker.failures) },
  });
}

function relabelled(from: FailureReason, to: FailureReason) {
  const relabel = (outcome: Outcome): Outcome =>
    outcome.kind === 'failed' && outcome.reason === from ? { ...outcome, reason: to } : outcome;
  return (health: TargetHealth): TargetHealth => ({
    ...health,
    settle: (view, settlement) =>
      health.settle(view, { ...settlement, outcome: relabel(settlement.outcome) }),
  });
}

function failingAs(
  change: (failure: ProviderFailure) => ConstructorParameters<typeof ProviderFailure>,
) {
  return (tryTarget: TryTarget<Answer>): TryTarget<Answer> =>
    async (target, call) => {
      try {
        return await tryTarget(target, call);
      } catch (thrown) {
        throw thrown instanceof ProviderFailure ? new ProviderFailure(...change(thrown)) : thrown;
      }
    };
}
