/** What an OpenAI-compatible server's refusals and broken connections mean. */
import * as z from 'zod/mini';
import { type FailureDetails, type FailureReason, ProviderFailure } from '../provider.ts';
import { retryAfterMs } from '../retry-after.ts';
import { parseJson } from './fields.ts';

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
/** What events without a status say by name. */
const NAMED: readonly (readonly [name: RegExp, reason: FailureReason])[] = [
  [/rate.?limit|quota|too many requests|resource_?exhausted/i, 'rate-limited'],
  [CONTENT_POLICY, 'content-policy'],
  [CONTEXT_LENGTH, 'context-length'],
  [/invalid_api_key|authentication_error|permission_(error|denied)|unauthenticated/i, 'auth'],
  [/model_not_found|not_found_error/i, 'model-not-found'],
  [/invalid_request|invalid_argument|BadRequest/i, 'invalid-request'],
];
const SAFE_CODE = /^[\w.-]{1,64}$/;

/** A code that may be kept: short, and with no room for anybody's words. */
export const safeCode = (code: unknown): string | undefined =>
  code != null && SAFE_CODE.test(String(code)) ? String(code) : undefined;

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

/** An error said inside a 200, as the HTTP error it equals. */
export function failureOfError(error: unknown): ProviderFailure {
  const said = read(error);
  const status = Number(said.details.upstreamCode);
  const waitMs = retryAfterMs({ header: () => undefined, body: JSON.stringify(error) }, 0);
  const reason = status >= 400 && status < 600 ? reasonOf(status, said) : reasonOfText(said.text);
  return new ProviderFailure(reason, {
    ...said.details,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

/** The error in a body or an event, if it has one: vLLM's is the whole object, Google's bodies are lists. */
export function errorIn(said: unknown): unknown {
  const value: unknown = Array.isArray(said) ? said[0] : said;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('error' in value && value.error) return value.error;
  return 'object' in value && value.object === 'error' ? value : undefined;
}

/** The error in the text of a refusal; whatever the text is. */
export function errorOf(text: string): unknown {
  const body = parseJson(text);
  return errorIn(body) ?? body ?? text;
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
  const upstreamCode = safeCode(code) ?? safeCode(type);
  return {
    text: [code, type, message ?? JSON.stringify(error)].join(' '),
    details: {
      ...(upstreamCode !== undefined && { upstreamCode }),
      ...(param && { param }),
    },
  };
}

/** All other refusals of 4xx find fault with the request, and all of 5xx with the server. */
const STATUSES: Readonly<Record<number, FailureReason>> = {
  401: 'auth',
  // Nobody pays for the account any more.
  402: 'auth',
  403: 'auth',
  404: 'model-not-found',
  // The address is none that takes questions.
  405: 'model-not-found',
  407: 'auth',
  408: 'timeout',
  409: 'server-error',
  410: 'model-not-found',
  413: 'context-length',
  423: 'server-error',
  // TGI: the generation failed.
  424: 'server-error',
  425: 'server-error',
  429: 'rate-limited',
  // Groq: no capacity for this tier. 499: it gave the request up.
  498: 'server-error',
  499: 'server-error',
};

function reasonOf(status: number, { text }: Said): FailureReason {
  const reason = STATUSES[status];
  if (reason) return reason;
  if (status >= 500) return 'server-error';
  if (status < 400) return 'bad-response';
  if (CONTENT_POLICY.test(text)) return 'content-policy';
  return CONTEXT_LENGTH.test(text) ? 'context-length' : 'invalid-request';
}

const reasonOfText = (text: string): FailureReason =>
  NAMED.find(([name]) => name.test(text))?.[1] ?? 'server-error';

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
