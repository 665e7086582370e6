/** Many seeds in a row. */
import { PLANTS, SOUND } from './plants.ts';
import { type Simulated, simulate } from './simulate.ts';

export interface Sweep {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** The name of a planted bug. */
  readonly plant: string | undefined;
}

export interface SweepResult {
  readonly seeds: number;
  readonly requests: number;
  /** Only the first few. */
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  /** How often each kind of answer and of fault was met. */
  readonly kinds: ReadonlyMap<string, number>;
}

const MOST_FAILURES = 5;
/** Every so many seeds one is run twice, to see that it repeats itself. */
const REPEAT_EVERY = 100;

export async function sweep({ from, to, step, plant }: Sweep): Promise<SweepResult> {
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const kinds = new Map<string, number>();
  let seeds = 0;
  let requests = 0;
  for (let seed = from; seed < to && failures.length < MOST_FAILURES; seed += step) {
    const simulated = await simulate(seed, plantNamed(plant));
    const repeats = seed % REPEAT_EVERY !== 0 || (await isRepeated(seed, simulated, plant));
    const violations = repeats
      ? simulated.violations
      : ['I20: the same seed gave another history', ...simulated.violations];
    if (violations.length > 0) failures.push({ seed, violations });
    for (const { kind } of simulated.history.calls) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    seeds += 1;
    requests += simulated.history.views.length;
  }
  return { seeds, requests, failures, kinds };
}

export function plantNamed(name: string | undefined) {
  const plant = name === undefined ? SOUND : PLANTS[name];
  if (plant) return plant;
  throw new Error(`There is no plant "${name}"; there are: ${Object.keys(PLANTS).join(', ')}.`);
}

async function isRepeated(seed: number, before: Simulated, plant: string | undefined) {
  const after = await simulate(seed, plantNamed(plant));
  return JSON.stringify(before) === JSON.stringify(after);
}
