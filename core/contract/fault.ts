/** Every way a request can fail, once: code → type, status and sentence. Codes are API: add, never rename. */

import { HEADER } from './header-names.ts';

export type FaultType =
  | 'AUTHENTICATION_ERROR'
  | 'RATE_LIMIT_EXCEEDED'
  | 'PROVIDER_UNAVAILABLE'
  | 'INVALID_REQUEST'
  | 'INTERNAL_ERROR';

interface FaultRow {
  readonly type: FaultType;
  /** HTTP status; a fault inside a started stream keeps it only on the log row. */
  readonly status:
    | 400
    | 401
    | 403
    | 404
    | 405
    | 408
    | 409
    | 413
    | 415
    | 422
    | 429
    | 431
    | 500
    | 502
    | 503
    | 504;
  readonly message: string;
}

const authentication = (status: 401 | 403, message: string): FaultRow => ({
  type: 'AUTHENTICATION_ERROR',
  status,
  message,
});
const rateLimit = (message: string): FaultRow => ({
  type: 'RATE_LIMIT_EXCEEDED',
  status: 429,
  message,
});
const provider = (status: 502 | 503 | 504, message: string): FaultRow => ({
  type: 'PROVIDER_UNAVAILABLE',
  status,
  message,
});
const invalid = (status: FaultRow['status'], message: string): FaultRow => ({
  type: 'INVALID_REQUEST',
  status,
  message,
});
const internal = (status: 500 | 503, message: string): FaultRow => ({
  type: 'INTERNAL_ERROR',
  status,
  message,
});

const FAULTS = {
  missing_credentials: authentication(
    401,
    'Send your gateway key as "Authorization: Bearer <key>".',
  ),
  invalid_api_key: authentication(401, 'The API key is not valid; check that it was copied whole.'),
  token_expired: authentication(401, 'The credential has expired; ask for a new one.'),
  forbidden: authentication(403, 'This credential lacks the scope that the route needs.'),
  model_not_allowed: authentication(403, 'This key may not use the requested model.'),
  origin_not_allowed: authentication(403, 'Requests from this web origin are not allowed.'),

  rate_limited: rateLimit('Too many requests; wait for the time in Retry-After.'),
  concurrency_limited: rateLimit('Too many requests at once; wait for one of yours to finish.'),
  budget_exceeded: rateLimit('The budget is used up.'),
  upstream_rate_limited: rateLimit(
    'Every provider of this model is limiting its rate; retry later.',
  ),

  upstream_unavailable: provider(502, 'The model provider failed to answer.'),
  upstream_connect_error: provider(502, 'The model provider could not be reached.'),
  upstream_bad_response: provider(502, 'The model provider sent an answer that cannot be read.'),
  upstream_auth_error: provider(502, "The model provider refused the gateway's own credential."),
  upstream_stream_interrupted: provider(502, 'The model provider broke off the answer.'),
  all_providers_unavailable: provider(503, 'No provider of this model is available at present.'),
  core_unavailable: provider(503, 'The gateway core could not be reached; retry shortly.'),
  upstream_timeout: provider(504, 'The model provider did not answer in time.'),

  invalid_json: invalid(400, 'The request body is not valid JSON in UTF-8.'),
  unknown_field: invalid(400, 'The request body has a field that is not accepted.'),
  invalid_parameter: invalid(400, 'A parameter is not valid.'),
  context_length_exceeded: invalid(400, "The input is longer than the model's context window."),
  content_policy_violation: invalid(400, "The provider's content policy refused the request."),
  invalid_file: invalid(400, 'The file is not valid.'),
  duplicate_custom_id: invalid(400, 'A custom_id occurs more than once.'),
  model_not_found: invalid(
    404,
    'The model does not exist here; GET /v1/models lists those that do.',
  ),
  route_not_found: invalid(404, 'There is nothing at this path.'),
  resource_not_found: invalid(404, 'There is no such resource.'),
  method_not_allowed: invalid(
    405,
    'This path does not take that method; the Allow header says which.',
  ),
  request_timeout: invalid(408, 'The request was not received in time.'),
  idempotency_in_flight: invalid(409, 'A request with this Idempotency-Key is still in flight.'),
  request_too_large: invalid(413, 'The request body is too large.'),
  unsupported_media_type: invalid(415, 'Send the body as "Content-Type: application/json".'),
  idempotency_mismatch: invalid(422, 'This Idempotency-Key was used with another request body.'),
  idempotency_not_kept: invalid(
    422,
    'This request was answered, but the answer was not kept; use a new Idempotency-Key to ask again.',
  ),
  headers_too_large: invalid(431, 'The request headers are too large.'),
  cache_miss: invalid(504, 'Nothing is cached for this request, and only-if-cached was asked for.'),

  internal_error: internal(
    500,
    'The gateway failed; the request id leads its operators to the cause.',
  ),
  limiter_unavailable: internal(503, 'Request limits cannot be checked at present; retry shortly.'),
  budget_unavailable: internal(503, 'Budgets cannot be checked at present; retry shortly.'),
} as const satisfies Record<string, FaultRow>;

export type FaultCode = keyof typeof FAULTS;

export interface FaultOptions {
  /** Replaces the table's sentence. Never holds a key, a prompt, an upstream body or a stack. */
  readonly message?: string;
  /** The request field at fault, as a path (`messages.0.role`). */
  readonly param?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  /** Whole seconds; sent both as `Retry-After` and in the body. */
  readonly retryAfterSeconds?: number;
  /** How many calls of providers failed before. */
  readonly attempts?: number;
  /** For the operator's log only. */
  readonly cause?: unknown;
}

/** The one error that turns into an HTTP answer. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly type: FaultType;
  readonly status: FaultRow['status'];
  readonly options: FaultOptions;

  constructor(code: FaultCode, options: FaultOptions = {}) {
    super(options.message ?? FAULTS[code].message, { cause: options.cause });
    this.code = code;
    this.type = FAULTS[code].type;
    this.status = FAULTS[code].status;
    this.options = options;
  }

  with(options: FaultOptions): Fault {
    return new Fault(this.code, { message: this.message, ...this.options, ...options });
  }
}

export interface FaultEnvelope {
  readonly error: {
    readonly type: FaultType;
    readonly message: string;
    readonly code: FaultCode;
    readonly param: string | null;
    readonly details?: FaultOptions['details'];
    readonly retryAfter?: number;
  };
  readonly requestId: string;
  readonly timestamp: string;
}

/** The body of every error answer, and of the event that ends a broken stream. `now` in epoch ms. */
export function faultEnvelope(fault: Fault, requestId: string, now: number): FaultEnvelope {
  const { param, details, retryAfterSeconds } = fault.options;
  return {
    error: {
      type: fault.type,
      message: fault.message,
      code: fault.code,
      param: param ?? null,
      ...(details && { details }),
      ...(retryAfterSeconds !== undefined && { retryAfter: retryAfterSeconds }),
    },
    requestId,
    timestamp: new Date(now).toISOString(),
  };
}

/** The headers that an error answer carries beside its envelope. */
export function faultHeaders({ code, status, options }: Fault): Record<string, string> {
  const { retryAfterSeconds, details, attempts = 0 } = options;
  const isFinal = attempts > 1 || code === 'budget_exceeded';
  return {
    ...(attempts > 0 && { [HEADER.attempts]: String(attempts) }),
    ...(isFinal && { [HEADER.shouldRetry]: 'false' }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 405 && details?.allow !== undefined && { allow: String(details.allow) }),
  };
}

/** What a thrown thing means to a client: a Fault as it is, anything else an internal error that tells nothing. */
export const toFault = (thrown: unknown): Fault =>
  thrown instanceof Fault ? thrown : new Fault('internal_error', { cause: thrown });
