import type { Clock } from '../../core/attempts/clock.ts';

/** Real time, `factor` times as fast: what takes seconds takes milliseconds, in the same order. */
export function createFastClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    after(ms, run) {
      const timer = setTimeout(run, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}
