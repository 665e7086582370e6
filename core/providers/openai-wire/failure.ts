/** What an OpenAI-compatible server's refusals and broken connections mean. */
import * as z from 'zod/mini';
import { type FailureDetails, type FailureReason, ProviderFailure } from '../provider.ts';

/** The error object of OpenAI and its imitators; Ollama sends a bare string. */
const errorSchema = z.looseObject({
  code: z.nullish(z.union([z.string(), z.number()])),
  type: z.nullish(z.string()),
  param: z.nullish(z.string()),
  message: z.nullish(z.string()),
});

const CONTEXT_LENGTH =
  /context.{0,20}(length|window|size)|too many (input )?tokens|prompt is too long/i;
const CONTENT_POLICY = /content_?(policy|filter|management)|ResponsibleAIPolicy/i;
const SAFE_CODE = /^[\w.-]{1,64}$/;

export interface Refusal {
  readonly status: number;
  readonly error: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** A refusal with an HTTP status. */
export function failureOfStatus({ status, error, retryAfterMs }: Refusal): ProviderFailure {
  const said = read(error);
  return new ProviderFailure(reasonOf(status, said), {
    ...said.details,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An error said inside a 200 stream, as the HTTP error it equals. */
export function failureOfError(error: unknown): ProviderFailure {
  const said = read(error);
  const status = Number(said.details.upstreamCode);
  const reason = Number.isInteger(status) ? reasonOf(status, said) : reasonOfText(said.text);
  return new ProviderFailure(reason, said.details);
}

/** A connection's own error, by the codes of Node and undici; `begun` says whether an answer had. */
export function failureOfConnection(cause: unknown, begun: boolean): ProviderFailure {
  const code = codeOf(cause);
  if (code.startsWith('HPE_') || code.startsWith('Z_')) {
    return new ProviderFailure('bad-response', { cause });
  }
  if (begun) return new ProviderFailure('interrupted', { cause });
  if (code === PARSER_ERROR || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new ProviderFailure('bad-response', { cause });
  }
  const broken = code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
  return new ProviderFailure(broken ? 'reset' : 'connect', { cause });
}

interface Said {
  readonly text: string;
  readonly details: FailureDetails;
}

function read(error: unknown): Said {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return { text: String(error), details: {} };
  const { code, type, param, message } = parsed.data;
  const upstreamCode = [code, type].find((name) => SAFE_CODE.test(String(name ?? '')));
  return {
    text: [code, type, message].join(' '),
    details: {
      ...(upstreamCode != null && { upstreamCode: String(upstreamCode) }),
      ...(param && { param }),
    },
  };
}

function reasonOf(status: number, { text }: Said): FailureReason {
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'model-not-found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'server-error';
  if (status < 400) return 'bad-response';
  if (CONTENT_POLICY.test(text)) return 'content-policy';
  return CONTEXT_LENGTH.test(text) ? 'context-length' : 'invalid-request';
}

function reasonOfText(text: string): FailureReason {
  if (/rate.?limit|quota|too many requests/i.test(text)) return 'rate-limited';
  if (CONTENT_POLICY.test(text)) return 'content-policy';
  if (CONTEXT_LENGTH.test(text)) return 'context-length';
  return /invalid_request/i.test(text) ? 'invalid-request' : 'server-error';
}

/** What undici calls an answer that is not HTTP; it has no code. */
const PARSER_ERROR = 'HTTPParserError';

/** The innermost code of a chain of causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = codeOf(error.cause);
  if (inner) return inner;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === PARSER_ERROR ? error.name : '';
}
