/** The same answer, and the same trouble, in the words of each vendor: bytes, so that a fault can be put anywhere. */
import { events, exception } from './bedrock-server.ts';

export type Kind = 'openai' | 'local' | 'bedrock';
export const KINDS: readonly Kind[] = ['openai', 'local', 'bedrock'];

export type Bytes = string | Uint8Array;

/** What a provider says instead of an answer. */
export type Trouble =
  | 'throttled'
  | 'quota'
  | 'failing'
  | 'overloaded'
  | 'unauthorized'
  | 'forbidden'
  | 'too-long'
  | 'invalid'
  | 'filtered';

interface Said {
  readonly status: number;
  /** The vendor's own. */
  readonly code: string;
  readonly message: string;
}

export interface Wire {
  /** The headers of a stream that ends with its connection: there a cut looks like an end. */
  readonly head: string;
  /** The role, in which there is nothing to see yet. */
  readonly begin: Bytes;
  text(part: string): Bytes;
  finish(reason?: 'stop' | 'filtered' | 'failed'): Bytes;
  /** 10 tokens in, 5 out. */
  readonly usage: Bytes;
  /** The mark of a good end; Bedrock has none. */
  readonly done: Bytes;
  /** Something that no client of today knows. */
  readonly novelty: Bytes;
  readonly troubles: Readonly<Record<Trouble, Said>>;
  /** As an HTTP error. */
  refuse(trouble: Trouble, ...headers: readonly string[]): string;
  /** Amid a stream that began with 200. */
  break(trouble: Trouble): Bytes;
}

/** No trace of it may reach a client or a row. */
const BODY_CANARY = 'body-canary';

export const httpHead = (status: number, ...headers: readonly string[]): string =>
  [`HTTP/1.1 ${status} Said`, ...headers, 'connection: close', '', ''].join('\r\n');

const sse = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;

const OPENAI_TROUBLES: Wire['troubles'] = {
  throttled: { status: 429, code: 'rate_limit_exceeded', message: 'Slow down.' },
  quota: { status: 429, code: 'insufficient_quota', message: 'You exceeded your quota.' },
  failing: { status: 500, code: 'server_error', message: 'The server had an error.' },
  overloaded: { status: 503, code: 'overloaded', message: 'Try later.' },
  unauthorized: { status: 401, code: 'invalid_api_key', message: 'Incorrect API key.' },
  forbidden: { status: 403, code: 'forbidden', message: 'Not for this project.' },
  'too-long': { status: 400, code: 'context_length_exceeded', message: 'Too many tokens.' },
  invalid: { status: 400, code: 'invalid_value', message: 'Wrong tools.' },
  filtered: { status: 400, code: 'content_policy_violation', message: 'Rejected.' },
};

const OPENAI_FINISHES = { stop: 'stop', filtered: 'content_filter', failed: 'error' };

function openAiWire(identity: object, role: object): Wire {
  const chunk = (delta: object, more: object = {}) =>
    sse({ ...identity, choices: [{ index: 0, delta, ...more }] });
  const errorOf = (trouble: Trouble) => {
    const { code, message } = OPENAI_TROUBLES[trouble];
    return { error: { code, type: 'trouble', message: `${message} ${BODY_CANARY}`, param: null } };
  };
  return {
    head: httpHead(200, 'content-type: text/event-stream'),
    begin: chunk(role),
    text: (content) => chunk({ content }),
    finish: (reason = 'stop') => chunk({}, { finish_reason: OPENAI_FINISHES[reason] }),
    usage: sse({
      ...identity,
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    }),
    done: 'data: [DONE]\n\n',
    novelty: 'event: novelty\nid: 7\nretry: 100\n: a comment\n\n',
    troubles: OPENAI_TROUBLES,
    refuse: (trouble, ...headers) =>
      withJson(OPENAI_TROUBLES[trouble].status, errorOf(trouble), headers),
    break: (trouble) => sse(errorOf(trouble)),
  };
}

const BEDROCK_TROUBLES: Wire['troubles'] = {
  throttled: { status: 429, code: 'ThrottlingException', message: 'Slow down.' },
  quota: { status: 400, code: 'ServiceQuotaExceededException', message: 'Over the quota.' },
  failing: { status: 500, code: 'InternalServerException', message: 'It failed.' },
  overloaded: { status: 503, code: 'ServiceUnavailableException', message: 'Try later.' },
  unauthorized: { status: 401, code: 'UnrecognizedClientException', message: 'Who is it?' },
  forbidden: { status: 403, code: 'AccessDeniedException', message: 'Not authorized.' },
  'too-long': {
    status: 400,
    code: 'ValidationException',
    message: 'Input is too long for requested model.',
  },
  invalid: { status: 400, code: 'ValidationException', message: 'toolConfig is malformed.' },
  filtered: { status: 400, code: 'ValidationException', message: 'Blocked by content filter.' },
};

const BEDROCK_FINISHES = {
  stop: 'end_turn',
  filtered: 'guardrail_intervened',
  failed: 'malformed_model_output',
};

const bytes = (...list: readonly object[]): Uint8Array => Buffer.concat(events(list));
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

const bedrockWire: Wire = {
  head: httpHead(200, 'content-type: application/vnd.amazon.eventstream'),
  begin: bytes({ messageStart: { role: 'assistant' } }),
  text: (text) => bytes({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } }),
  finish: (reason = 'stop') =>
    bytes(
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: BEDROCK_FINISHES[reason] } },
    ),
  usage: bytes({ metadata: { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } } }),
  done: '',
  novelty: bytes({ novelty: { of: 'tomorrow' } }),
  troubles: BEDROCK_TROUBLES,
  refuse(trouble, ...headers) {
    const { status, code, message } = BEDROCK_TROUBLES[trouble];
    const type = `x-amzn-errortype: ${code}`;
    return withJson(status, { message: `${message} ${BODY_CANARY}` }, [type, ...headers]);
  },
  break(trouble) {
    const { code, message } = BEDROCK_TROUBLES[trouble];
    return exception(lowerFirst(code), `${message} ${BODY_CANARY}`);
  },
};

function withJson(status: number, body: object, headers: readonly string[]): string {
  const text = JSON.stringify(body);
  const length = `content-length: ${Buffer.byteLength(text)}`;
  return httpHead(status, 'content-type: application/json', length, ...headers) + text;
}

export const WIRES: Readonly<Record<Kind, Wire>> = {
  openai: openAiWire(
    { id: 'up-1', object: 'chat.completion.chunk', created: 5, model: 'up' },
    { role: 'assistant', content: '', refusal: null },
  ),
  // Servers of one's own leave out what they like, and put in empty lists.
  local: openAiWire({}, { role: 'assistant', content: null, tool_calls: [] }),
  bedrock: bedrockWire,
};
