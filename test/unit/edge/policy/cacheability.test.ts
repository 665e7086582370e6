import { describe, expect, it } from 'vitest';
import { chatCompletionSchema } from '../../../../core/contract/chat.ts';
import { Fault } from '../../../../core/contract/fault.ts';
import {
  ageSeconds,
  isKeepable,
  isServable,
  planCaching,
} from '../../../../edge/policy/cacheability.ts';
import type { CachedAnswer } from '../../../../edge/ports.ts';
import { completion } from '../../../support/edge-answers.ts';

const RULES = { allowed: true, defaultTtlSeconds: 300 };

const plan = (headers: Record<string, string>, rules = RULES) =>
  planCaching((name) => headers[name], rules);

describe('planCaching', () => {
  it.each([
    ['by default', {}, {}],
    ['for no-cache', { 'cache-control': 'no-cache' }, { use: 'keep' }],
    ['for no-store', { 'cache-control': 'no-store' }, { use: 'bypass' }],
    ['for no-store with no-cache', { 'cache-control': 'no-cache, no-store' }, { use: 'bypass' }],
    ['for an Idempotency-Key', { 'idempotency-key': 'k' }, { use: 'bypass' }],
    ['for max-age', { 'cache-control': 'max-age=9' }, { maxAgeSeconds: 9 }],
    ['for only-if-cached', { 'cache-control': 'only-if-cached' }, { onlyIfCached: true }],
    ['for a ttl', { 'x-gateway-cache-ttl': '60' }, { ttlSeconds: 60 }],
    ['for a ttl of nothing', { 'x-gateway-cache-ttl': '0' }, { ttlSeconds: 0 }],
    ['for a ttl beyond a day', { 'x-gateway-cache-ttl': '999999' }, { ttlSeconds: 86_400 }],
    ['for a namespace', { 'x-gateway-cache-namespace': 'blue' }, { namespace: 'blue' }],
  ])('%s', (_, headers, expected) => {
    expect(plan(headers)).toEqual({
      use: 'find-and-keep',
      onlyIfCached: false,
      maxAgeSeconds: Number.POSITIVE_INFINITY,
      ttlSeconds: 300,
      namespace: undefined,
      ...expected,
    });
  });

  it('bypasses for a key whose answers may not be kept', () => {
    expect(plan({}, { ...RULES, allowed: false })).toMatchObject({ use: 'bypass' });
  });

  it.each([
    ['x-gateway-cache-ttl', '-1'],
    ['x-gateway-cache-ttl', '1.5'],
    ['x-gateway-cache-ttl', ''],
    ['x-gateway-cache-ttl', '1e3'],
    ['x-gateway-cache-namespace', ''],
    ['x-gateway-cache-namespace', 'two words'],
    ['x-gateway-cache-namespace', 'x'.repeat(129)],
  ])('refuses %s: %j and names the header', (name, value) => {
    const fault = plan({ [name]: value });
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code: 'invalid_parameter', options: { param: name } });
  });
});

const finishedBy = (...reasons: string[]) =>
  chatCompletionSchema.parse(
    completion('hi', {
      choices: reasons.map((finish_reason, index) => ({
        index,
        message: { role: 'assistant', content: 'hi' },
        finish_reason,
      })),
    }),
  );

describe('isKeepable', () => {
  it.each([
    [['stop'], true],
    [['tool_calls'], true],
    [['stop', 'tool_calls'], true],
    [['length'], false],
    [['content_filter'], false],
    [['stop', 'length'], false],
    [['stopped'], false],
  ])('finish reasons %j: %s', (reasons, keepable) => {
    expect(isKeepable(finishedBy(...reasons))).toBe(keepable);
  });
});

const kept: CachedAnswer = {
  completion: finishedBy('stop'),
  provider: 'demo',
  model: 'demo-model',
  storedAt: 100_000,
  ttlSeconds: 300,
};

describe('isServable', () => {
  const asked = plan({});
  if (asked instanceof Fault) throw asked;
  const endless = Number.POSITIVE_INFINITY;

  it.each([
    ['a new answer', 0, endless, true],
    ['one within its life', 299_999, endless, true],
    ['one at the end of it', 300_000, endless, false],
    ['one as old as the client takes', 9_000, 9, true],
    ['one older than that', 9_001, 9, false],
    ['one of a moment ago to a client that takes no age', 1, 0, false],
    ['one by a clock ahead of ours', -5_000, 0, true],
  ] as const)('%s', (_, ageMs, maxAgeSeconds, servable) => {
    expect(isServable(kept, { ...asked, maxAgeSeconds }, kept.storedAt + ageMs)).toBe(servable);
  });
});

it('an age is whole seconds and never negative', () => {
  expect([99_000, 100_999, 101_000].map((now) => ageSeconds(kept, now))).toEqual([0, 0, 1]);
});
