import { expect, it } from 'vitest';
import { createRefusalReport, type Refusals } from '../../../../core/identity/refusal-report.ts';

it('tells of the first refusal at once, and at most once a minute of all that follow', () => {
  const reports: Refusals[] = [];
  let now = 0;
  const refused = createRefusalReport(
    (report) => reports.push(report),
    () => now,
  );
  refused('a');
  for (let n = 0; n < 1_000; n++) refused('b');
  expect(reports).toEqual([{ count: 1, cause: 'a' }]);
  now = 60_000;
  refused('c');
  expect(reports).toEqual([
    { count: 1, cause: 'a' },
    { count: 1_001, cause: 'c' },
  ]);
});
