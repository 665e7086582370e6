import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../core/providers/retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const read = (headers: Readonly<Record<string, string>>, body?: string) =>
  retryAfterMs({ header: (name) => headers[name], body }, now);

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '2' }, undefined, 2_000],
    [{ 'retry-after': '0' }, undefined, 0],
    [{ 'retry-after': '1.5' }, undefined, 1_500],
    [{ 'retry-after': ' 3 ' }, undefined, 3_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, undefined, 7_000],
    [{ 'retry-after-ms': '250' }, undefined, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, undefined, 250],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, undefined, 9_000],
    [{ 'retry-after': '9' }, 'Please try again in 1s.', 9_000],
    [{}, 'Rate limit reached. Please try again in 1.5s.', 1_500],
    [{}, 'Please try again in 20ms. Visit …', 20],
    [{}, 'try again in 6m0.5s', 360_500],
    [{}, 'Try again in 1h2m3s', 3_723_000],
    [{}, 'Please retry after 7 seconds.', 7_000],
    [{}, 'Please retry after 2 minutes.', 120_000],
    [{}, 'retry in 300 milliseconds', 300],
    [{}, '{"error":{"details":[{"retryDelay": "34.07s"}]}}', 34_070],
  ])('%j %j → %i ms', (headers, body, expected) => {
    expect(read(headers, body)).toBeCloseTo(expected, 6);
  });

  it.each([
    [{}, undefined, 'nothing said'],
    [{ 'retry-after': '-1' }, undefined, 'a negative number'],
    [{ 'retry-after': 'soon' }, undefined, 'a word'],
    [{ 'retry-after': '1e9' }, undefined, 'an exponent'],
    [{ 'retry-after': '' }, undefined, 'an empty header'],
    [{ 'retry-after': 'never GMT' }, undefined, 'no date'],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:59 GMT' }, undefined, 'a date that has passed'],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07' }, undefined, 'a date without a zone'],
    [{}, 'Please try again in 5 parsecs.', 'an unknown unit'],
    [{}, `${' '.repeat(5_000)}try again in 1s`, 'a hint far down'],
  ])('%j %j counts as absent: %s', (headers, body, _) => {
    expect(read(headers, body)).toBeUndefined();
  });

  it('is absent or a time not below zero, whatever the provider sends, and quick to tell', () => {
    const noise = fc.string({
      unit: fc.constantFrom('1', '.', ' ', 's', 'in', 'try again ', 'm', '-'),
      maxLength: 5_000,
    });
    fc.assert(
      fc.property(noise, noise, (header, body) => {
        const ms = read({ 'retry-after': header }, body) ?? 0;
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
