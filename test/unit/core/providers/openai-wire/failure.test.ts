import { describe, expect, it } from 'vitest';
import {
  errorOf,
  failureOfConnection,
  failureOfError,
  failureOfStatus,
} from '../../../../../core/providers/openai-wire/failure.ts';

describe('failureOfStatus', () => {
  it.each([
    [401, {}, 'auth'],
    [402, {}, 'auth'],
    [403, {}, 'auth'],
    [405, {}, 'model-not-found'],
    [407, {}, 'auth'],
    [409, {}, 'server-error'],
    [410, {}, 'model-not-found'],
    [413, {}, 'context-length'],
    [415, {}, 'invalid-request'],
    [423, {}, 'server-error'],
    [424, {}, 'server-error'],
    [425, {}, 'server-error'],
    [498, {}, 'server-error'],
    [499, {}, 'server-error'],
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
    [400, { detail: 'maximum context length is 4096' }, 'context-length'],
    [400, 'prompt is too long', 'context-length'],
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

describe('failureOfError', () => {
  it.each([
    [{ code: 429 }, 'rate-limited'],
    [{ code: '401' }, 'auth'],
    [{ code: 503, type: 'x' }, 'server-error'],
    [{ code: 7, message: 'no status' }, 'server-error'],
    [{ code: 'invalid_api_key' }, 'auth'],
    [{ type: 'authentication_error' }, 'auth'],
    [{ type: 'overloaded_error' }, 'server-error'],
    [{ code: 'model_not_found' }, 'model-not-found'],
    [{ type: 'BadRequestError' }, 'invalid-request'],
    [{ status: 'RESOURCE_EXHAUSTED' }, 'rate-limited'],
    [{ code: 400, message: 'maximum context length' }, 'context-length'],
    ['the model has crashed', 'server-error'],
    [true, 'server-error'],
  ])('%j is %s', (error, reason) => expect(failureOfError(error)).toMatchObject({ reason }));

  it('reads how long to wait in what is said', () =>
    expect(failureOfError({ code: 429, message: 'Please try again in 1.5s.' }).details).toEqual({
      upstreamCode: '429',
      retryAfterMs: 1_500,
    }));
});

describe('errorOf', () => {
  it.each([
    ["OpenAI's", '{"error":{"code":"x"}}', { code: 'x' }],
    ["Ollama's", '{"error":"no such model"}', 'no such model'],
    ["vLLM's", '{"object":"error","code":400}', { object: 'error', code: 400 }],
    ["Google's", '[{"error":{"code":429}}]', { code: 429 }],
    ["FastAPI's", '{"detail":"Not Found"}', { detail: 'Not Found' }],
    ['a text', 'Too many requests', 'Too many requests'],
    ['JSON that was cut off', '{"error":', '{"error":'],
    ['nothing', '', ''],
  ])('finds %s', (_, text, error) => expect(errorOf(text)).toEqual(error));
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
