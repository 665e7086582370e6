/** The `openai` SDK as a plain transport: no retries of its own, answers read as they arrive. */
import OpenAI, { APIConnectionError, APIError } from 'openai';
import * as z from 'zod';
import type { ChatChunk } from '../../contract/chat.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../../contract/embeddings.ts';
import { parseSseItems, type SseItem, SseUnreadable } from '../../contract/sse.ts';
import type { UpstreamFetch } from '../../http/upstream-fetch.ts';
import { type Call, type LLMRequest, type ModelInfo, ProviderFailure } from '../provider.ts';
import { retryAfterMs } from '../retry-after.ts';
import { cutRefusal, openBody, readJson } from './body.ts';
import { toEmbeddings } from './embeddings.ts';
import { failureOfConnection, failureOfStatus } from './failure.ts';
import { toEvent } from './response.ts';
import {
  begin,
  finish,
  isDone,
  lacksNothing,
  type StreamState,
  step,
  stepEvent,
} from './stream.ts';

/** How long a server may take to end an answer that is whole, so that its connection can be used again. */
const LINGER_MS = 100;
/** OpenAI takes ids of tool calls of up to 40 characters: so much of a request's id makes them different. */
const NAME_LENGTH = 24;

export interface OpenAiWireOptions {
  readonly baseUrl: string;
  /** Servers of one's own often want none. */
  readonly apiKey: string | undefined;
  readonly fetch: UpstreamFetch;
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
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      return response.ok ? response : cutRefusal(response);
    },
  });

  const send = async (
    method: 'get' | 'post',
    path: string,
    options: { signal: AbortSignal; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response> => {
    try {
      return await client[method](path, options).asResponse();
    } catch (error) {
      throw translate(error, options.signal, now());
    }
  };

  return {
    async *streamChat(body, { wire }, call) {
      const response = await send('post', '/chat/completions', { ...optionsOf(call), body });
      const { bytes, leave } = openBody(response, call.signal);
      if (isType(response, 'text/html')) {
        leave();
        throw new ProviderFailure('bad-response');
      }
      const start = begin(call.requestId.slice(-NAME_LENGTH));
      const choicesAsked = wire.n ?? 1;
      if (isType(response, 'application/json')) yield* wholeOf(await readJson(bytes), start);
      else yield* chunksOf(bytes, { start, choicesAsked, leave });
    },
    async embed(request, call) {
      const response = await send('post', '/embeddings', { ...optionsOf(call), body: request });
      const { bytes } = openBody(response, call.signal);
      return orThrow(toEmbeddings(await readJson(bytes), request));
    },
    async listModels(signal) {
      const response = await send('get', '/models', { signal });
      const parsed = modelsSchema.safeParse(await readJson(openBody(response, signal).bytes));
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

function* wholeOf(body: unknown, start: StreamState): Generator<ChatChunk> {
  const [state, chunk] = orThrow(stepEvent(start, orThrow(toEvent(body))));
  if (chunk) yield chunk;
  yield* orThrow(finish({ ...state, done: true }, 1));
}

interface Reading {
  readonly start: StreamState;
  readonly choicesAsked: number;
  readonly leave: () => void;
}

async function* chunksOf(
  bytes: AsyncIterable<Uint8Array>,
  { start, choicesAsked, leave }: Reading,
): AsyncGenerator<ChatChunk> {
  let state = start;
  let linger: NodeJS.Timeout | undefined;
  try {
    for await (const item of parseSseItems(bytes)) {
      // What follows the answer is read too, or its connection would be lost to the next call.
      if (state.done) continue;
      const [next, chunk] = orThrow(stepOver(state, item));
      state = next;
      if (chunk) yield chunk;
      if (state.done || lacksNothing(state, choicesAsked)) linger ??= setTimeout(leave, LINGER_MS);
    }
  } catch (error) {
    if (!lacksNothing(state, choicesAsked)) throw unreadable(error);
  } finally {
    clearTimeout(linger);
  }
  yield* orThrow(finish(state, choicesAsked));
}

function stepOver(state: StreamState, { kind, text }: SseItem): ReturnType<typeof step> {
  if (kind === 'comment') return [state, undefined];
  // Some servers leave out the empty line after their last words; any other event was cut off.
  if (kind === 'cut' && !isDone(text)) return new ProviderFailure('interrupted');
  return step(state, text);
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

const unreadable = (error: unknown): unknown =>
  error instanceof SseUnreadable ? new ProviderFailure('bad-response', { cause: error }) : error;

function orThrow<T>(result: T | ProviderFailure): T {
  if (result instanceof ProviderFailure) throw result;
  return result;
}
