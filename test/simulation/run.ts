/**
 * `--seeds 10000` simulates that many seeds on all processors, from `--from` on; `--seed 4711` replays
 * one and tells what happened in it; `--plant "no jitter"` plants a bug before either.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { FAULTS } from './faults.ts';
import { narrate } from './narrate.ts';
import { simulate } from './simulate.ts';
import { plantNamed, type Sweep, type SweepResult, sweep } from './sweep.ts';

/** Fewer would not prove much about a fault. */
const LEAST_OF_EACH_FAULT = 1_000;
const SEEDS_FOR_THAT = 10_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function replay(seed: number, plant: string | undefined): Promise<boolean> {
  const { history, violations } = await simulate(seed, plantNamed(plant));
  print(narrate(history));
  for (const violation of violations) print(violation);
  return violations.length === 0;
}

async function sweepAll(whole: Omit<Sweep, 'step'>): Promise<boolean> {
  const started = performance.now();
  const step = availableParallelism();
  const shares = Array.from({ length: step }, (_, offset) =>
    sweepInWorker({ ...whole, from: whole.from + offset, step }),
  );
  const results = await Promise.all(shares);
  const sum = (count: (result: SweepResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  const failures = results.flatMap((result) => result.failures);
  const met = (kind: string) => sum(({ kinds }) => kinds.get(kind) ?? 0);
  const rare = Object.keys(FAULTS).filter((kind) => met(kind) < LEAST_OF_EACH_FAULT);
  const isThin = whole.to - whole.from >= SEEDS_FOR_THAT && rare.length > 0;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const seeds = sum((result) => result.seeds);
  print(`${seeds} seeds, ${sum((result) => result.requests)} requests, ${seconds} s`);
  print(
    `${Object.keys(FAULTS).length} kinds of faults, the rarest ${Math.min(...Object.keys(FAULTS).map(met))} times`,
  );
  if (isThin) print(`Too rare: ${rare.join(', ')}`);
  for (const { seed, violations } of failures) {
    print(`seed ${seed}: ${violations.join('; ')}`);
    const plant = whole.plant === undefined ? '' : ` --plant "${whole.plant}"`;
    print(`  replay: npm run simulate -- --seed ${seed}${plant}`);
  }
  return failures.length === 0 && !isThin;
}

function sweepInWorker(share: Sweep): Promise<SweepResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: share,
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: String(SEEDS_FOR_THAT) },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      plant: { type: 'string' },
    },
  });
  const { plant } = values;
  if (values.seed !== undefined) return replay(Number(values.seed), plant);
  const from = Number(values.from);
  return sweepAll({ from, to: from + Number(values.seeds), plant });
}

if (isMainThread) {
  process.exitCode = (await main()) ? 0 : 1;
} else {
  // Nobody reads the stacks of the failures that are scripted, and they cost a tenth of the time.
  Error.stackTraceLimit = 0;
  parentPort?.postMessage(await sweep(workerData as Sweep));
}
