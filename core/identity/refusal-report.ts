/** Tells of what strangers can cause at will, without letting them fill the log. */

export interface Refusals {
  /** How many since the last report. */
  readonly count: number;
  /** Of the last one. */
  readonly cause: unknown;
}

const REPORT_EVERY_MS = 60_000;

/** Reports the first refusal at once, and those that follow with the first one a minute later. */
export function createRefusalReport(
  report: (refusals: Refusals) => void,
  now: () => number,
): (cause: unknown) => void {
  let count = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (cause) => {
    count += 1;
    if (now() - reportedAt < REPORT_EVERY_MS) return;
    report({ count, cause });
    count = 0;
    reportedAt = now();
  };
}
