import { describe, expect, it } from 'vitest';
import { toFailure } from '../../../../../core/providers/bedrock/failure.ts';
import { ProviderFailure } from '../../../../../core/providers/provider.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const before = { began: false, now: NOW };
const after = { began: true, now: NOW };

const thrown = (fields: object) => Object.assign(new Error('refused'), fields);
const http = (name: string, status: number, message = 'refused') =>
  thrown({ name, message, $metadata: { httpStatusCode: status } });

describe('an exception of Bedrock', () => {
  it.each([
    ['ThrottlingException', 429, 'rate-limited'],
    ['TooManyRequestsException', 429, 'rate-limited'],
    ['ModelNotReadyException', 429, 'rate-limited'],
    ['ServiceQuotaExceededException', 400, 'rate-limited'],
    ['ServiceUnavailableException', 503, 'server-error'],
    ['InternalServerException', 500, 'server-error'],
    ['InternalFailure', 500, 'server-error'],
    ['ModelErrorException', 424, 'server-error'],
    ['ModelStreamErrorException', 424, 'server-error'],
    ['ModelTimeoutException', 408, 'timeout'],
    ['ValidationException', 400, 'invalid-request'],
    ['AccessDeniedException', 403, 'auth'],
    ['UnrecognizedClientException', 403, 'auth'],
    ['ExpiredTokenException', 403, 'auth'],
    ['InvalidSignatureException', 403, 'auth'],
    ['IncompleteSignature', 403, 'auth'],
    ['MissingAuthenticationTokenException', 403, 'auth'],
    ['RequestExpired', 400, 'auth'],
    ['OptInRequired', 403, 'auth'],
    ['NotAuthorized', 400, 'auth'],
    ['ResourceNotFoundException', 404, 'model-not-found'],
  ])('%s (%i) is %s, and its name is kept', (name, status, reason) => {
    expect(toFailure(http(name, status), before)).toMatchObject({
      reason,
      details: { status, upstreamCode: name },
    });
  });

  it.each([
    ['throttlingException', 'ThrottlingException', 'rate-limited'],
    ['internalServerException', 'InternalServerException', 'server-error'],
    ['modelStreamErrorException', 'ModelStreamErrorException', 'server-error'],
    ['serviceUnavailableException', 'ServiceUnavailableException', 'server-error'],
    ['validationException', 'ValidationException', 'invalid-request'],
    ['modelTimeoutException', 'ModelTimeoutException', 'timeout'],
    ['InternalError', 'InternalError', 'server-error'],
    ['InternalServerError', 'InternalServerError', 'server-error'],
    ['newTroubleException', 'NewTroubleException', 'server-error'],
  ])('%s inside a stream is the same as over HTTP', (name, upstreamCode, reason) => {
    const failure = toFailure(thrown({ name, $metadata: { httpStatusCode: 200 } }), after);
    expect(failure).toMatchObject({ reason });
    expect(failure.details).toEqual({ upstreamCode, cause: expect.any(Error) });
  });

  it.each([
    ['ValidationException', 'Input is too long for requested model.', 'context-length'],
    ['ValidationException', 'prompt is too long: 227255 tokens > 200000 maximum', 'context-length'],
    [
      'ValidationException',
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
      'context-length',
    ],
    ['ValidationException', 'Too many input tokens. Max input tokens: 8192', 'context-length'],
    ['ValidationException', 'too many total text bytes: 9 > 8', 'context-length'],
    ['ValidationException', "This model's maximum context length is 4096", 'context-length'],
    ['ValidationException', 'The provided model identifier is invalid.', 'model-not-found'],
    [
      'ValidationException',
      'Invocation of model ID x with on-demand throughput isn’t supported.',
      'model-not-found',
    ],
    ['ValidationException', 'Output blocked by content filtering policy', 'content-policy'],
    ['ValidationException', 'The toolConfig field must be defined', 'invalid-request'],
    [
      'AccessDeniedException',
      "You don't have access to the model with the specified model ID.",
      'model-not-found',
    ],
    ['AccessDeniedException', 'User: arn:… is not authorized to perform', 'auth'],
  ])('%s: %s', (name, message, reason) => {
    expect(toFailure(http(name, 400, message), before).reason).toBe(reason);
  });
});

describe('an answer without an exception that is known', () => {
  it.each([
    [400, 'invalid-request'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'model-not-found'],
    [408, 'timeout'],
    [402, 'auth'],
    [413, 'context-length'],
    [424, 'server-error'],
    [429, 'rate-limited'],
    [500, 'server-error'],
    [503, 'server-error'],
    [504, 'timeout'],
    [302, 'bad-response'],
  ])('status %i is %s', (status, reason) => {
    const failure = toFailure(http('SyntaxError', status), before);
    expect(failure).toMatchObject({ reason, details: { status } });
    expect(failure.details.upstreamCode).toBeUndefined();
  });
});

describe('trouble with the connection', () => {
  it.each([
    ['refused', { code: 'ECONNREFUSED' }, 'connect', 'connect'],
    ['no such name', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'connect', 'connect'],
    ['no answer to SYN', { code: 'ETIMEDOUT', syscall: 'connect' }, 'connect', 'connect'],
    ['connect timeout of the SDK', { name: 'TimeoutError' }, 'connect', 'connect'],
    ['certificate', { code: 'CERT_HAS_EXPIRED' }, 'connect', 'connect'],
    ['reset', { name: 'TimeoutError', code: 'ECONNRESET' }, 'reset', 'interrupted'],
    ['silence of TCP', { code: 'ETIMEDOUT', syscall: 'read' }, 'reset', 'interrupted'],
    ['closed early', { code: 'ERR_STREAM_PREMATURE_CLOSE' }, 'reset', 'interrupted'],
    ['not HTTP', { code: 'HPE_INVALID_CONSTANT' }, 'bad-response', 'interrupted'],
    ['bad checksum', { name: 'CorruptFrame' }, 'bad-response', 'interrupted'],
    ['cut frame', { name: 'CutFrame' }, 'interrupted', 'interrupted'],
    ['broken JSON', { name: 'SyntaxError' }, 'bad-response', 'interrupted'],
    ['no credential', { name: 'CredentialsProviderError' }, 'auth', 'auth'],
    ['no token', { name: 'TokenProviderError' }, 'auth', 'auth'],
  ])('%s', (_, fields, ahead, amid) => {
    expect(toFailure(thrown(fields), before).reason).toBe(ahead);
    expect(toFailure(thrown(fields), after).reason).toBe(amid);
  });
});

describe('how long to wait', () => {
  const limited = (fields: object) =>
    toFailure(
      thrown({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 }, ...fields }),
      before,
    ).details.retryAfterMs;

  it.each([
    ['as the header says', { $response: { headers: { 'retry-after': '2' } } }, 2000],
    [
      'until its date',
      { $response: { headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' } } },
      60_000,
    ],
    ['as the message says', { message: 'Too many requests, retry after 7 seconds.' }, 7000],
    ['unsaid', { $response: { headers: {} } }, undefined],
  ])('%s', (_, fields, waitMs) => {
    expect(limited(fields)).toBe(waitMs);
  });
});

describe('other things thrown', () => {
  it('a failure stays what it is', () => {
    const failure = new ProviderFailure('invalid-request', { param: 'n' });
    expect(toFailure(failure, before)).toBe(failure);
  });

  it.each([
    ['no object', 'gone'],
    ['names and headers of odd kinds', { name: 1, code: 2, $response: { headers: { a: 1 } } }],
    ['a name of the prototype', { name: '__proto__' }],
  ])('%s is a bad response', (_, error) => {
    const failure = toFailure(error, before);
    expect(failure.reason).toBe('bad-response');
    expect(failure.details.upstreamCode).toBeUndefined();
  });
});
