/** Whatever the SDK throws, or an event stream says instead of an answer → the one failure of the port. */
import * as z from 'zod';
import { type FailureReason, ProviderFailure } from '../provider.ts';
import { retryAfterMs } from '../retry-after.ts';

/** What a failure depends on besides itself. */
export interface FailureContext {
  /** Whether an answer had begun: what breaks it, on the wire or in a frame, then cuts it. */
  readonly began: boolean;
  readonly now: number;
}

/** By the name of the exception: Bedrock's own, AWS's common ones, the SDK's, and the frame reader's. */
const REASONS: ReadonlyMap<string, FailureReason> = new Map(
  Object.entries<FailureReason>({
    AccessDeniedException: 'auth',
    CredentialsProviderError: 'auth',
    CutFrame: 'interrupted',
    ExpiredTokenException: 'auth',
    IncompleteSignature: 'auth',
    InternalError: 'server-error',
    InternalFailure: 'server-error',
    InternalServerError: 'server-error',
    InternalServerException: 'server-error',
    InvalidSignatureException: 'auth',
    MissingAuthenticationTokenException: 'auth',
    ModelErrorException: 'server-error',
    ModelNotReadyException: 'rate-limited',
    ModelStreamErrorException: 'server-error',
    ModelTimeoutException: 'timeout',
    NotAuthorized: 'auth',
    OptInRequired: 'auth',
    RequestExpired: 'auth',
    ResourceNotFoundException: 'model-not-found',
    ServiceQuotaExceededException: 'rate-limited',
    ServiceUnavailableException: 'server-error',
    ThrottlingException: 'rate-limited',
    TokenProviderError: 'auth',
    TooManyRequestsException: 'rate-limited',
    UnrecognizedClientException: 'auth',
    ValidationException: 'invalid-request',
  }),
);

const STATUSES: Readonly<Record<number, FailureReason>> = {
  401: 'auth',
  402: 'auth',
  403: 'auth',
  404: 'model-not-found',
  408: 'timeout',
  413: 'context-length',
  424: 'server-error',
  429: 'rate-limited',
  504: 'timeout',
};

/** One that came after this table: judged by its status, or in a stream as the service's own trouble. */
const EXCEPTION = /^[A-Z][A-Za-z]{1,60}Exception$/;

/** One exception says many things: these sentences of AWS and of the models tell them apart. */
const SENTENCES: readonly (readonly [name: string, sentence: RegExp, reason: FailureReason])[] = [
  [
    'ValidationException',
    /(input|prompt) is too long|exceeds? (the )?(model's )?(maximum )?context|maximum context length|too many ((input|total|text) )*(tokens|bytes)/i,
    'context-length',
  ],
  ['ValidationException', /model identifier is invalid|on-demand throughput/i, 'model-not-found'],
  ['ValidationException', /blocked by (our )?content filter/i, 'content-policy'],
  // Says nothing about the credential: another model may still be allowed.
  ['AccessDeniedException', /access to the model/i, 'model-not-found'],
];

const thrownSchema = z.object({
  name: z.string().catch(''),
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  syscall: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
  $response: z
    .object({ headers: z.record(z.string(), z.string()) })
    .optional()
    .catch(undefined),
});
type Thrown = z.infer<typeof thrownSchema>;

export function toFailure(cause: unknown, context: FailureContext): ProviderFailure {
  if (cause instanceof ProviderFailure) return cause;
  const { data: thrown } = thrownSchema.safeParse(cause);
  if (!thrown) return new ProviderFailure('bad-response', { cause });
  const name = exceptionName(thrown.name);
  const status = thrown.$metadata?.httpStatusCode ?? 0;
  const header = (key: string) => thrown.$response?.headers[key];
  const waitMs = retryAfterMs({ header, body: thrown.message }, context.now);
  return new ProviderFailure(judge({ ...thrown, name }, status, context.began), {
    cause,
    ...(status >= 300 && { status }),
    ...((REASONS.has(name) || EXCEPTION.test(name)) && { upstreamCode: name }),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

/** In a stream names begin in lower case (`throttlingException`). */
const exceptionName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function judge(thrown: Thrown, status: number, began: boolean): FailureReason {
  const { name, message } = thrown;
  const [, , said] = SENTENCES.find(([of, words]) => of === name && words.test(message)) ?? [];
  const reason = said ?? REASONS.get(name) ?? byStatus(status) ?? byConnection(thrown);
  if (reason && reason !== 'reset') return reason;
  if (EXCEPTION.test(name)) return 'server-error';
  return began ? 'interrupted' : (reason ?? 'bad-response');
}

function byStatus(status: number): FailureReason | undefined {
  if (status >= 500) return STATUSES[status] ?? 'server-error';
  if (status >= 400) return STATUSES[status] ?? 'invalid-request';
  return undefined;
}

const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO)$/;
const UNTRUSTED = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const BROKEN = /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)$/;

function byConnection({ name, code = '', syscall }: Thrown): FailureReason | undefined {
  if (syscall === 'connect' || UNREACHABLE.test(code) || UNTRUSTED.test(code)) return 'connect';
  // The SDK gives its connect timeout, the only timer it has here, a name but no code.
  if (name === 'TimeoutError' && !code) return 'connect';
  if (BROKEN.test(code)) return 'reset';
  return undefined;
}
