import { describe, expect, it } from 'vitest';
import {
  failureOfConnection,
  failureOfStatus,
} from '../../../../../core/providers/openai-wire/failure.ts';

describe('failureOfStatus', () => {
  it.each([
    [401, {}, 'auth'],
    [403, {}, 'auth'],
    [404, { code: 'model_not_found' }, 'model-not-found'],
    [408, {}, 'timeout'],
    [429, {}, 'rate-limited'],
    [429, { code: 'insufficient_quota' }, 'rate-limited'],
    [500, {}, 'server-error'],
    [503, 'text', 'server-error'],
    [302, {}, 'bad-response'],
    [400, {}, 'invalid-request'],
    [422, {}, 'invalid-request'],
    [400, { code: 'context_length_exceeded' }, 'context-length'],
    [400, { message: "This model's maximum context length is 4096 tokens" }, 'context-length'],
    [400, { type: 'exceed_context_size_error' }, 'context-length'],
    [400, { code: 'content_policy_violation' }, 'content-policy'],
    [400, { code: 'content_filter' }, 'content-policy'],
  ])('%d %j is %s', (status, error, reason) => {
    expect(failureOfStatus({ status, error })).toMatchObject({ reason, details: { status } });
  });

  it("keeps the provider's code and field, and no word of its message", () => {
    const error = { code: 'x_code', param: 'tools', message: 'canary sk-123' };
    const failure = failureOfStatus({ status: 400, error, retryAfterMs: 5 });
    expect(failure.details).toEqual({
      status: 400,
      upstreamCode: 'x_code',
      param: 'tools',
      retryAfterMs: 5,
    });
    expect(failure.message).not.toContain('canary');
  });
});

describe('failureOfConnection', () => {
  const broken = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  it.each([
    ['ECONNREFUSED', false, 'connect'],
    ['ENOTFOUND', false, 'connect'],
    ['UND_ERR_CONNECT_TIMEOUT', false, 'connect'],
    ['ECONNRESET', false, 'reset'],
    ['UND_ERR_SOCKET', false, 'reset'],
    ['UND_ERR_SOCKET', true, 'interrupted'],
    ['HPE_INVALID_CONSTANT', false, 'bad-response'],
    ['Z_DATA_ERROR', true, 'bad-response'],
  ])('%s, answer begun: %s, is %s', (code, begun, reason) => {
    expect(failureOfConnection(broken(code), begun)).toMatchObject({ reason });
  });
});
