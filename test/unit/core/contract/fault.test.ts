import { describe, expect, it } from 'vitest';
import { Fault, faultEnvelope, faultHeaders, toFault } from '../../../../core/contract/fault.ts';

describe('faultEnvelope', () => {
  it('has the fields that the contract fixes', () => {
    const fault = new Fault('rate_limited', {
      details: { limit: 'requestsPerMinute' },
      retryAfterSeconds: 12,
    });
    expect(faultEnvelope(fault, 'id', 0)).toEqual({
      error: {
        type: 'RATE_LIMIT_EXCEEDED',
        message: 'Too many requests; wait for the time in Retry-After.',
        code: 'rate_limited',
        param: null,
        details: { limit: 'requestsPerMinute' },
        retryAfter: 12,
      },
      requestId: 'id',
      timestamp: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('faultHeaders', () => {
  it.each([
    [new Fault('rate_limited', { retryAfterSeconds: 12 }), { 'retry-after': '12' }],
    [new Fault('missing_credentials'), { 'www-authenticate': 'Bearer' }],
    [new Fault('method_not_allowed', { details: { allow: 'GET, POST' } }), { allow: 'GET, POST' }],
    [new Fault('internal_error'), {}],
    [new Fault('upstream_timeout', { attempts: 1 }), { 'x-gateway-attempts': '1' }],
    [
      new Fault('upstream_unavailable').with({ attempts: 2 }),
      { 'x-gateway-attempts': '2', 'x-should-retry': 'false' },
    ],
  ])('adds to %s what HTTP asks for', (fault, headers) => {
    expect(faultHeaders(fault)).toEqual(headers);
  });
});

describe('toFault', () => {
  it('tells nothing of an error that was not meant for clients', () => {
    const envelope = faultEnvelope(toFault(new Error('secret canary')), 'id', 0);
    expect(envelope.error.code).toBe('internal_error');
    expect(JSON.stringify(envelope)).not.toContain('canary');
  });
});
