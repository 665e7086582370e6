import { expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import { coreStatus, coreUnavailable, isCoreAnswer } from '../../../../edge/policy/core-answer.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

it.each([
  ['a JSON answer', 200, JSON_TYPE, true],
  ['a stream', 200, 'text/event-stream', true],
  ['an empty answer', 204, null, true],
  ['an error of the core', 429, JSON_TYPE, true],
  ['an outage that the core reports', 503, JSON_TYPE, true],
  ['a redirect', 302, JSON_TYPE, false],
  ['a refused hop', 401, JSON_TYPE, false],
  ['an error page', 502, 'text/html', false],
  ['an error without a body', 504, null, false],
] as const)('%s', (_, status, contentType, fromCore) => {
  expect(isCoreAnswer(status, contentType)).toBe(fromCore);
});

it('the status of an answer that is of no use is kept for the operator, and from the client', () => {
  const fault = coreUnavailable(502);
  expect(coreStatus(fault)).toBe(502);
  expect([fault.code, fault.message, fault.options.details]).toEqual([
    'core_unavailable',
    new Fault('core_unavailable').message,
    undefined,
  ]);
  expect(coreStatus(new Fault('core_unavailable', { cause: new Error('reset') }))).toBeUndefined();
});
