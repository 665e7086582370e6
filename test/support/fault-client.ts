/** A client of the gateway that believes nothing: it keeps what came, and how it ended. */
import { connect, type Socket } from 'node:net';
import type OpenAI from 'openai';
import type { FaultEnvelope } from '../../core/contract/fault.ts';
import { publishedChunk } from './openai-shape.ts';

/** A `verified` stream is not sent before the whole answer is there. */
export type Mode = 'stream' | 'json' | 'verified';
export const MODES: readonly Mode[] = ['stream', 'json', 'verified'];

export interface Question {
  readonly model: string;
  readonly mode: Mode;
  /** What the client calls the request: its row is found by it. */
  readonly id: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Called when there is something to see. */
  readonly onContent?: () => void;
  /** Called at every comment that keeps the line open. */
  readonly onPing?: () => void;
}

export interface Asked {
  readonly url: string;
  readonly key: string;
  /** In place of the network. */
  readonly handle?: (request: Request) => Response | Promise<Response>;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** As it came. */
  readonly raw: string;
  readonly text: string;
  /** By index; a stream's are put together. */
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
  /** The error of the body, or of the event that ended the stream. */
  readonly error: FaultEnvelope['error'] | undefined;
}

export async function ask(asked: Asked, question: Question): Promise<Seen> {
  const { signal } = question;
  const init = { ...requestOf(asked, question), ...(signal && { signal }) };
  const { handle = fetch } = asked;
  const response = await handle(new Request(urlOf(asked), init));
  const raw = await read(response, question);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const said = isStream ? readStream(raw) : readJson(raw);
  return { status: response.status, headers: response.headers, raw, ...said };
}

/** Asks on a socket of its own, which can be reset. */
export function askOnSocket(asked: Asked, question: Question): Socket {
  const { hostname, port, pathname } = new URL(urlOf(asked));
  const { method, headers, body } = requestOf(asked, question);
  const lines = Object.entries({ host: hostname, 'content-length': body.length, ...headers });
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    if (data.includes('"content":"')) question.onContent?.();
  });
  socket.write(
    `${method} ${pathname} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n${body}`,
  );
  return socket;
}

const urlOf = ({ url }: Asked): string => `${url}/v1/chat/completions`;

export const requestOf = ({ key }: Asked, { model, mode, id, headers }: Question) => ({
  method: 'POST',
  headers: {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': id,
    ...(mode === 'verified' && { 'x-gateway-stream': mode }),
    ...headers,
  },
  body: JSON.stringify({
    model,
    messages: [{ role: 'user', content: 'prompt-canary' }],
    ...(mode !== 'json' && { stream: true, stream_options: { include_usage: true } }),
  }),
});

async function read({ body }: Response, { onContent, onPing }: Question): Promise<string> {
  const decoder = new TextDecoder();
  let raw = '';
  for await (const chunk of body ?? []) {
    raw += decoder.decode(chunk, { stream: true });
    if (raw.includes('"content":"')) onContent?.();
    if (raw.includes(': ping')) onPing?.();
  }
  return raw;
}

type Said = Omit<Seen, 'status' | 'headers' | 'raw'>;

function readJson(raw: string): Said {
  const body: FaultEnvelope | OpenAI.ChatCompletion = JSON.parse(raw);
  if ('error' in body) return { ...NOTHING, error: body.error };
  const { choices, usage } = body;
  const [choice] = choices;
  return {
    ...NOTHING,
    text: choice?.message.content ?? '',
    toolCalls: (choice?.message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function' ? call.function : [],
    ),
    finishReason: choice?.finish_reason,
    usage: usage && countsOf(usage),
  };
}

const NOTHING: Said = {
  text: '',
  toolCalls: [],
  finishReason: undefined,
  usage: undefined,
  error: undefined,
};

/** Throws where the end is not exactly one of: a finish and one `[DONE]`, or one error event. */
function readStream(raw: string): Said {
  const events = eventsOf(raw);
  const last = events.pop();
  if (events.includes('[DONE]')) throw new Error('[DONE] is not the last word.');
  if (last === '[DONE]') {
    const said = events.reduce(addChunk, NOTHING);
    if (!said.finishReason) throw new Error('[DONE] came without a finish reason.');
    return said;
  }
  const { error } = JSON.parse(last ?? '{}');
  if (!error) throw new Error('The stream stopped without a word.');
  return { ...events.reduce(addChunk, NOTHING), error };
}

function eventsOf(raw: string): string[] {
  const blocks = raw.split('\n\n');
  if (blocks.pop() !== '') throw new Error('The last event is cut.');
  return blocks
    .filter((block) => block !== ': ping')
    .map((block) => {
      if (!block.startsWith('data: ') || block.includes('\n')) throw new Error(`Odd: ${block}`);
      return block.slice('data: '.length);
    });
}

function addChunk(said: Said, data: string): Said {
  const { choices, usage } = publishedChunk.parse(JSON.parse(data));
  const [choice] = choices;
  const toolCalls = [...said.toolCalls];
  for (const { index, function: part } of choice?.delta.tool_calls ?? []) {
    const before = toolCalls[index];
    toolCalls[index] = {
      name: (before?.name ?? '') + (part?.name ?? ''),
      arguments: (before?.arguments ?? '') + (part?.arguments ?? ''),
    };
  }
  return {
    text: said.text + (choice?.delta.content ?? ''),
    toolCalls,
    finishReason: choice?.finish_reason ?? said.finishReason,
    usage: usage ? countsOf(usage) : said.usage,
    error: undefined,
  };
}

const countsOf = ({ prompt_tokens, completion_tokens, total_tokens }: Usage): Usage => ({
  prompt_tokens,
  completion_tokens,
  total_tokens,
});
