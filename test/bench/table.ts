import type { Figures } from './measure.ts';

const COLUMNS: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['', ({ subject }) => subject],
  ['req/s', ({ requestsPerSecond }) => requestsPerSecond.toFixed(0)],
  ['of bare', ({ throughputRatio }) => throughputRatio.toFixed(2)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['added ms', ({ addedP50Ms }) => addedP50Ms.toFixed(2)],
  ['p95 ms', ({ p95Ms }) => p95Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
];

export const toTable = (all: readonly Figures[]): string =>
  [COLUMNS.map(([title]) => title), ...all.map((one) => COLUMNS.map(([, cell]) => cell(one)))]
    .map(
      ([name = '', ...cells]) => name.padEnd(26) + cells.map((cell) => cell.padStart(9)).join(''),
    )
    .join('\n');
