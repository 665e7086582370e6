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
  readonly requestsPerSecond: number;
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
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly runLoad: (load: Load) => Promise<LoadResult>;
}

const WARM_UP_MS = 3_000;
const TURN_MS = 1_000;
const ROUNDS = 8;

export async function measure(measurement: Measurement): Promise<readonly Figures[]> {
  const { subjects, body, concurrency, runLoad } = measurement;
  const takeTurns = async (forMs: number): Promise<readonly Turn[]> => {
    const turns: Turn[] = [];
    for (const { origin, headers } of subjects) {
      const load = { origin, headers: await headers(), body: JSON.stringify(body), concurrency };
      turns.push(toTurn(await runLoad({ ...load, forMs })));
    }
    return turns;
  };

  await takeTurns(WARM_UP_MS);
  const rounds: (readonly Turn[])[] = [];
  while (rounds.length < ROUNDS) rounds.push(await takeTurns(TURN_MS));
  return subjects.map(({ name }, index) => ({ subject: name, ...figures(rounds, index) }));
}

interface Turn {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly latenciesMs: readonly number[];
}

const toTurn = ({ tookMs, latenciesMs }: LoadResult): Turn => ({
  requestsPerSecond: (latenciesMs.length / tookMs) * 1_000,
  p50Ms: median(latenciesMs),
  latenciesMs,
});

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
