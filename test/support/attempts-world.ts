/** The attempts of requests against a scripted upstream, with a store and a time of their own. */
import type { AttemptCall, TryTarget } from '../../core/attempts/attempt.ts';
import type { AttemptDeps, AttemptRequest } from '../../core/attempts/run.ts';
import { runAttempts } from '../../core/attempts/run-attempts.ts';
import { ProviderFailure } from '../../core/providers/provider.ts';
import type { Strategy } from '../../core/routing/plan.ts';
import { type Target, targetName } from '../../core/routing/target.ts';
import { createInProcessRedis } from '../../core/state/in-process-redis.ts';
import type { RedisPort } from '../../core/state/redis-port.ts';
import { createRedisTargetHealth } from '../../core/state/redis-target-health.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const COOLDOWN_MS = 30_000;

/** One environment, its upstream as a function, and time of its own. */
export function setUpAttempts(targets: readonly Target[], strategy: Strategy = 'priority') {
  const clock = createVirtualClock(1_000_000);
  const commands: string[] = [];
  const redis = recorded(createInProcessRedis(clock), commands);
  const health = createRedisTargetHealth({
    redis,
    now: clock.now,
    onFailure: () => undefined,
    rules: {
      breaker: { failures: 5, cooldownMs: COOLDOWN_MS },
      rateWindowMs: 1_000,
      credentialLatchMs: 60_000,
    },
  });
  const deps: AttemptDeps = {
    clock,
    random: () => 0.5,
    health,
    retry: { baseMs: 1_000, factor: 2, maxMs: 30_000 },
  };
  const calls: string[] = [];
  let requests = 0;
  const start = <Answer>(tryTarget: TryTarget<Answer>, request: Partial<AttemptRequest> = {}) => {
    requests += 1;
    const whole: AttemptRequest = {
      requestId: `r${requests}`,
      plan: { strategy, targets },
      delivery: 'stream',
      maxAttempts: 6,
      deadline: clock.now() + 120_000,
      signal: new AbortController().signal,
      ready: Promise.resolve(),
      ...request,
    };
    const tracked: TryTarget<Answer> = (target, call) => {
      calls.push(targetName(target));
      return tryTarget(target, call);
    };
    return runAttempts(whole, tracked, deps);
  };
  const run = <Answer>(...args: Parameters<typeof start<Answer>>) => clock.until(start(...args));
  return { clock, commands, calls, start, run };
}

function recorded(redis: RedisPort, commands: string[]): RedisPort {
  const record =
    <Args extends readonly unknown[], Reply>(name: string, command: (...args: Args) => Reply) =>
    (...args: Args): Reply => {
      commands.push(name);
      return command(...args);
    };
  return {
    getMany: record('getMany', redis.getMany),
    set: record('set', redis.set),
    replace: record('replace', redis.replace),
    takePlace: record('takePlace', redis.takePlace),
    leavePlace: record('leavePlace', redis.leavePlace),
  };
}

/** Each target does the next thing of its list, and the last one for ever. */
export function scripted(
  script: Readonly<Record<string, readonly (string | Error)[]>>,
): TryTarget<string> {
  const made = new Map<string, number>();
  return async (target) => {
    const name = targetName(target);
    const index = made.get(name) ?? 0;
    made.set(name, index + 1);
    const next = script[name]?.[index] ?? script[name]?.at(-1);
    if (typeof next === 'string') return next;
    throw next ?? new Error(`${name} is not in the script`);
  };
}

export const hang = (_: Target, call: AttemptCall): Promise<string> =>
  new Promise((_resolve, reject) => {
    call.signal.addEventListener('abort', () => reject(call.signal.reason));
  });

export const failure = (...args: ConstructorParameters<typeof ProviderFailure>) =>
  new ProviderFailure(...args);
