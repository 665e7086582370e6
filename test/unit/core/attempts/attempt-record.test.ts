import { expect, it } from 'vitest';
import { endOfAttempt } from '../../../../core/attempts/attempt-record.ts';
import { ProviderFailure } from '../../../../core/providers/provider.ts';

it.each([
  ['answered', { outcome: 'answered', possiblyBilled: true }],
  ['abandoned', { outcome: 'abandoned', possiblyBilled: true }],
  [new ProviderFailure('connect'), { outcome: 'connect', possiblyBilled: false }],
  [new ProviderFailure('reset'), { outcome: 'reset', possiblyBilled: true }],
  [new ProviderFailure('timeout'), { outcome: 'timeout', possiblyBilled: true }],
  [
    new ProviderFailure('rate-limited', { status: 429, upstreamCode: 'insufficient_quota' }),
    {
      outcome: 'rate-limited',
      possiblyBilled: false,
      upstreamStatus: 429,
      upstreamCode: 'insufficient_quota',
    },
  ],
] as const)('the row says of %s what the operator needs', (end, expected) => {
  expect(endOfAttempt(end)).toEqual(expected);
});
