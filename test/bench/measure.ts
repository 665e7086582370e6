/** Takes the subjects in turns, again and again: what else the machine does then slows all of them alike. */
import type { Load, LoadResult } from './load.ts';

export interface Subject {
  readonly name: string;
  readonly origin: string;
  /** Asked for at every turn: the token of the hop lives a minute. */
  headers(): Promise<Readonly<Record<string, string>>>;
}

export interface Figures {
  readonly subject: string;
  /** With as many requests at once as keep it busy. */
  readonly requestsPerSecond: number;
  /** Of one request at a time: at full load, latency only says the throughput once more. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Against the first subject in the same round; the median over the rounds. */
  readonly throughputRatio: number;
  readonly addedP50Ms: number;
}

export interface Measurement {
  readonly subjects: readonly Subject[];
  readonly body: object;
  readonly runLoad: (load: Load) => Promise<LoadResult>;
}

const BUSY = 10;
const WARM_UP_MS = 3_000;
const TURN_MS = 1_000;
const ROUNDS = 8;

export async function measure({
  subjects,
  body,
  runLoad,
}: Measurement): Promise<readonly Figures[]> {
  const load = async ({ origin, headers }: Subject, concurrency: number, forMs: number) =>
    runLoad({ origin, headers: await headers(), body: JSON.stringify(body), concurrency, forMs });

  for (const subject of subjects) await load(subject, BUSY, WARM_UP_MS);
  const rounds: Turn[][] = [];
  while (rounds.length < ROUNDS) {
    const turns: Turn[] = [];
    for (const subject of subjects) {
      const busy = await load(subject, BUSY, TURN_MS);
      const { latenciesMs } = await load(subject, 1, TURN_MS);
      turns.push({ requestsPerSecond: throughput(busy), p50Ms: median(latenciesMs), latenciesMs });
    }
    rounds.push(turns);
  }
  return subjects.map(({ name }, index) => ({ subject: name, ...figures(rounds, index) }));
}

interface Turn {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly latenciesMs: readonly number[];
}

const throughput = ({ tookMs, latenciesMs }: LoadResult): number =>
  (latenciesMs.length / tookMs) * 1_000;

function figures(rounds: readonly (readonly Turn[])[], index: number): Omit<Figures, 'subject'> {
  const turns = rounds.flatMap((round) => {
    const [base, own] = [round[0], round[index]];
    return base && own ? { base, own } : [];
  });
  const latenciesMs = turns.flatMap(({ own }) => own.latenciesMs);
  return {
    requestsPerSecond: median(turns.map(({ own }) => own.requestsPerSecond)),
    p50Ms: median(latenciesMs),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    throughputRatio: median(
      turns.map(({ base, own }) => own.requestsPerSecond / base.requestsPerSecond),
    ),
    addedP50Ms: median(turns.map(({ base, own }) => own.p50Ms - base.p50Ms)),
  };
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which this share of the values lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
