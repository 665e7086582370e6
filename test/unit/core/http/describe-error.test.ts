import { expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import { describeError } from '../../../../core/http/describe-error.ts';

it('tells kind, code, field and place of an error and of its cause, and no message', () => {
  const cause = Object.assign(new TypeError('canary'), { code: 'ECONNREFUSED' });
  const fault = new Fault('invalid_parameter', { param: 'records.0', message: 'canary', cause });
  const description = describeError(fault);
  expect(description).toMatchObject({
    name: 'Fault',
    code: 'invalid_parameter',
    param: 'records.0',
    at: expect.stringMatching(/describe-error\.test\.ts:\d+:\d+$/),
    cause: { name: 'TypeError', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(description)).not.toContain('canary');
});

it('tells of a thrown value that is no error only what it is', () => {
  expect(describeError('canary')).toEqual({ name: 'string' });
});
