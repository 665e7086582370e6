/** A seed's world: providers, their weather, the store, and the requests with their clients. */
import type { ModelAlias, ProviderView } from '../../core/routing/plan.ts';
import type { RetryRules } from '../../core/routing/retry.ts';
import type { HealthRules } from '../../core/routing/target-state.ts';
import type { Delivery } from '../../core/routing/verdict.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { FAULTS, FIRST_TOKEN_MS, HEALTHY, IDLE_MS } from './faults.ts';

export interface ScriptedRequest {
  readonly id: number;
  readonly atMs: number;
  readonly environment: number;
  readonly model: string;
  readonly delivery: Delivery;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** After its arrival. */
  readonly leavesAfterMs: number | undefined;
  /** Before it takes the next chunk. */
  readonly readsAfterMs: number;
}

/**
 * `instant`: no time passes in the store, so that the order of its events is the upstream's. `slow`:
 * they overtake each other. `down`: one environment, all alone. `flaky`: it fails now and then, and
 * what the environments share is not judged.
 */
export type StoreMode = 'instant' | 'slow' | 'down' | 'flaky';

export interface Scenario {
  readonly seed: number;
  readonly store: StoreMode;
  readonly environments: number;
  readonly providers: readonly ProviderView[];
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  readonly retry: RetryRules;
  readonly health: HealthRules;
  readonly requests: readonly ScriptedRequest[];
  readonly weather: ReadonlyMap<string, readonly Weather[]>;
}

/** What calls meet until then: the share of faults, and which. */
interface Weather {
  readonly untilMs: number;
  readonly faultShare: number;
  readonly faults: readonly string[];
}

const REQUESTS = 100;
const ALL_FAULTS = Object.keys(FAULTS);
const OUTAGES = ['500', 'connection refused', 'reset before headers', 'accepts and is silent'];
const HEALTHY_KINDS = Object.keys(HEALTHY);

export function createScenario(seed: number): Scenario {
  const random = createSeededRandom(seed);
  const store = random.pick([
    'instant',
    'instant',
    'slow',
    'slow',
    'slow',
    'down',
    'flaky',
  ] as const);
  const lengthMs = random.between(20_000, 120_000);
  const providers = Array.from({ length: random.integer(1, 3) }, (_, index) =>
    createProvider(`p${index}`, random),
  );
  const aliases = createAliases(providers, random);
  const environments = store === 'down' ? 1 : random.integer(1, 6);
  return {
    seed,
    store,
    environments,
    providers,
    aliases,
    retry: { baseMs: 1_000, factor: 2, maxMs: 30_000 },
    health: {
      breaker: { failures: 5, cooldownMs: random.between(2_000, 30_000) },
      rateWindowMs: 1_000,
      credentialLatchMs: random.between(2_000, 20_000),
    },
    weather: new Map(providers.map(({ name }) => [name, createWeather(lengthMs, random)])),
    requests: createRequests({ lengthMs, environments, models: Object.keys(aliases) }, random),
  };
}

/** The kind of the next call of this provider. */
export function kindOf(scenario: Scenario, random: SeededRandom) {
  return (provider: string, now: number): string => {
    const spells = scenario.weather.get(provider) ?? [];
    const spell = spells.find(({ untilMs }) => now < untilMs);
    if (!spell || !random.chance(spell.faultShare)) return random.pick(HEALTHY_KINDS);
    return random.pick(spell.faults);
  };
}

function createProvider(name: string, random: SeededRandom): ProviderView {
  return {
    name,
    enabled: true,
    priority: random.integer(1, 3),
    models: ['a', 'b'],
    retryAttempts: random.integer(0, 3),
    maxConcurrency: random.pick([undefined, 1, 3, 20]),
    firstTokenTimeoutMs: FIRST_TOKEN_MS,
    idleTimeoutMs: IDLE_MS,
    timeoutMs: random.pick([undefined, undefined, 2_500]),
  };
}

function createAliases(
  providers: readonly ProviderView[],
  random: SeededRandom,
): Record<string, ModelAlias> {
  const all = providers.flatMap(({ name }) => [`${name}/a`, `${name}/b`]);
  return Object.fromEntries(
    Array.from({ length: 2 }, (_, index) => {
      const targets = Array.from({ length: random.integer(1, 4) }, () => ({
        model: random.pick(all),
        weight: random.integer(1, 4),
      }));
      const strategy = random.pick(['priority', 'cheapest', 'fastest', 'weighted'] as const);
      return [`alias-${index}`, { strategy, targets }];
    }),
  );
}

function createWeather(lengthMs: number, random: SeededRandom): readonly Weather[] {
  const spells: Weather[] = [];
  let untilMs = 0;
  while (untilMs < lengthMs) {
    untilMs += random.between(2_000, lengthMs);
    spells.push({ untilMs, ...random.pick([fair, shaky, shaky, dead, crowded])(random) });
  }
  return spells;
}

const fair = () => ({ faultShare: 0.03, faults: ALL_FAULTS });
const shaky = (random: SeededRandom) => ({
  faultShare: random.between(0.3, 1),
  faults: ALL_FAULTS,
});
const dead = (random: SeededRandom) => ({ faultShare: 1, faults: [random.pick(OUTAGES)] });
const crowded = () => ({ faultShare: 0.7, faults: ['429 with Retry-After', '429 without'] });

function createRequests(
  bounds: { lengthMs: number; environments: number; models: readonly string[] },
  random: SeededRandom,
): readonly ScriptedRequest[] {
  let atMs = 0;
  const meanGapMs = bounds.lengthMs / REQUESTS;
  return Array.from({ length: REQUESTS }, (_, id) => {
    // Half of them come in bursts: many clients at the same instant.
    if (random.chance(0.5)) atMs += random.between(0, 4 * meanGapMs);
    return {
      id,
      atMs,
      environment: random.integer(0, bounds.environments - 1),
      model: random.pick(bounds.models),
      delivery: random.pick(['stream', 'stream', 'whole'] as const),
      deadlineMs: random.pick([60_000, 60_000, random.between(200, 10_000)]),
      maxAttempts: random.pick([6, 6, 6, random.integer(1, 5)]),
      leavesAfterMs: random.chance(0.1) ? random.between(0, 3_000) : undefined,
      readsAfterMs: random.chance(0.1) ? random.between(0, 2 * IDLE_MS) : 0,
    };
  });
}
