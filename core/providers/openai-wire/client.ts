/** The `openai` SDK as a plain transport: no retries of its own, answers read as they arrive. */
import OpenAI, { APIConnectionError, APIError } from 'openai';
import * as z from 'zod';
import type { ChatChunk } from '../../contract/chat.ts';
import {
  type EmbeddingRequest,
  type EmbeddingResponse,
  embeddingResponseSchema,
} from '../../contract/embeddings.ts';
import { parseSseItems, SseEventTooLong, type SseItem } from '../../contract/sse.ts';
import { type Call, type LLMRequest, type ModelInfo, ProviderFailure } from '../provider.ts';
import { retryAfterMs } from '../retry-after.ts';
import { failureOfConnection, failureOfStatus } from './failure.ts';
import { toChunk } from './response.ts';
import { isWhole, lacksNothing, START, type StreamState, step } from './stream.ts';

/** Decompressed; far above any answer, and a bound against one that never ends. */
const MAX_ANSWER_BYTES = 64 * 1_048_576;
/** How long a server may take to end an answer that is whole, so that its connection can be used again. */
const LINGER_MS = 100;

export interface OpenAiWireOptions {
  readonly baseUrl: string;
  /** Servers of one's own often want none. */
  readonly apiKey: string | undefined;
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly now: () => number;
}

export type ChatBody = Readonly<Record<string, unknown>>;

export interface OpenAiWire {
  streamChat(body: ChatBody, request: LLMRequest, call: Call): AsyncGenerator<ChatChunk>;
  embed(request: EmbeddingRequest, call: Call): Promise<EmbeddingResponse>;
  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]>;
}

const modelsSchema = z.object({
  data: z.array(z.object({ id: z.string(), description: z.string().optional() })),
});

export function createOpenAiWire({ baseUrl, apiKey, fetch, now }: OpenAiWireOptions): OpenAiWire {
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    maxRetries: 0,
    logLevel: 'off',
    organization: null,
    project: null,
    fetch,
  });

  const send = async (
    method: 'get' | 'post',
    path: string,
    options: { signal: AbortSignal; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response> => {
    try {
      const response = await client[method](path, options).asResponse();
      if (response.status >= 300) throw failureOfStatus({ status: response.status, error: '' });
      return response;
    } catch (error) {
      throw translate(error, options.signal, now());
    }
  };

  return {
    async *streamChat(body, { wire }, call) {
      const response = await send('post', '/chat/completions', { ...optionsOf(call), body });
      const { bytes, leave } = open(response, call.signal);
      if (isType(response, 'text/html')) {
        leave();
        throw new ProviderFailure('bad-response');
      }
      if (isType(response, 'application/json')) yield orThrow(toChunk(await readJson(bytes)));
      else yield* chunksOf(bytes, { choicesAsked: wire.n ?? 1, leave });
    },
    async embed(request, call) {
      const response = await send('post', '/embeddings', { ...optionsOf(call), body: request });
      const { bytes } = open(response, call.signal);
      const parsed = embeddingResponseSchema.safeParse(await readJson(bytes));
      if (!parsed.success) throw new ProviderFailure('bad-response', { cause: parsed.error });
      const data = parsed.data.data.toSorted((one, other) => one.index - other.index);
      return { ...parsed.data, data };
    },
    async listModels(signal) {
      const response = await send('get', '/models', { signal });
      const parsed = modelsSchema.safeParse(await readJson(open(response, signal).bytes));
      if (!parsed.success) throw new ProviderFailure('bad-response', { cause: parsed.error });
      return parsed.data.data.map(({ id, description }) => ({
        id,
        ...(description !== undefined && { description }),
      }));
    },
  };
}

const optionsOf = ({ signal, traceparent }: Call) => ({
  signal,
  ...(traceparent && { headers: { traceparent } }),
});

const isType = (response: Response, type: string): boolean =>
  (response.headers.get('content-type') ?? '').toLowerCase().startsWith(type);

async function* chunksOf(
  bytes: AsyncIterable<Uint8Array>,
  { choicesAsked, leave }: { readonly choicesAsked: number; readonly leave: () => void },
): AsyncGenerator<ChatChunk> {
  let state = START;
  let linger: NodeJS.Timeout | undefined;
  try {
    for await (const item of parseSseItems(bytes)) {
      // What follows the answer is read too, or its connection would be lost to the next call.
      if (state.done) continue;
      const [next, chunk] = orThrow(stepOver(state, item));
      state = next;
      if (chunk) yield chunk;
      if (state.done) linger = setTimeout(leave, LINGER_MS);
    }
  } catch (error) {
    if (!lacksNothing(state, choicesAsked)) throw tooLong(error);
  } finally {
    clearTimeout(linger);
  }
  if (!isWhole(state, choicesAsked)) throw new ProviderFailure('interrupted');
}

function stepOver(state: StreamState, { kind, text }: SseItem): ReturnType<typeof step> {
  if (kind === 'comment') return [state, undefined];
  // Some servers leave out the empty line after their last words; any other event was cut off.
  if (kind === 'cut' && text !== '[DONE]') return new ProviderFailure('interrupted');
  return step(state, text);
}

/** A body to read. Leaving it before its end closes its connection. */
function open({ body }: Response, signal: AbortSignal) {
  const reader = (body ?? new Blob().stream()).getReader();
  const leave = () => void reader.cancel().catch(() => {});
  return { bytes: bounded(reader, { signal, leave }), leave };
}

/** The body's bytes, with a bound, and with broken connections told in the port's terms. */
async function* bounded(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { signal, leave }: { readonly signal: AbortSignal; readonly leave: () => void },
): AsyncGenerator<Uint8Array> {
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      count += value.byteLength;
      if (count > MAX_ANSWER_BYTES) throw new ProviderFailure('bad-response');
      yield value;
    }
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    throw signal.aborted ? signal.reason : failureOfConnection(error, true);
  } finally {
    leave();
  }
}

async function readJson(bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of bytes) text += decoder.decode(chunk, { stream: true });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProviderFailure('bad-response', { cause });
  }
}

function translate(error: unknown, signal: AbortSignal, now: number): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof APIConnectionError) return failureOfConnection(error, false);
  if (!(error instanceof APIError) || error.status === undefined) return error;
  const { status, headers } = error;
  return failureOfStatus({
    status,
    error: error.error,
    retryAfterMs: retryAfterMs(
      { header: (name) => headers?.get(name), body: JSON.stringify(error.error) },
      now,
    ),
  });
}

const tooLong = (error: unknown): unknown =>
  error instanceof SseEventTooLong ? new ProviderFailure('bad-response', { cause: error }) : error;

function orThrow<T>(result: T | ProviderFailure): T {
  if (result instanceof ProviderFailure) throw result;
  return result;
}
