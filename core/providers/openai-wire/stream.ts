/** The events of an OpenAI-compatible stream → chunks, tolerant of what such servers leave out. */
import * as z from 'zod/mini';
import { type ChatChunk, type ChatDelta, chatChunkSchema } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';
import { failureOfError } from './failure.ts';

export interface StreamState {
  /** `[DONE]` was seen. */
  readonly done: boolean;
  /** Usage was seen. */
  readonly counted: boolean;
  /** Choice index → whether it has its finish reason. */
  readonly finished: ReadonlyMap<number, boolean>;
  /** Choice index → how many tool calls have begun. */
  readonly toolCalls: ReadonlyMap<number, number>;
}

export const START: StreamState = {
  done: false,
  counted: false,
  finished: new Map(),
  toolCalls: new Map(),
};

const errorSchema = z.union([z.string(), z.looseObject({})]);

/** One event's data → the next state and its chunk, if it holds one; or why the stream has failed. */
export function step(
  state: StreamState,
  data: string,
): readonly [StreamState, ChatChunk | undefined] | ProviderFailure {
  if (data === '[DONE]') return [{ ...state, done: true }, undefined];
  const event = parse(data);
  const error = errorOf(event);
  if (error !== undefined) return failureOfError(error);
  const parsed = chatChunkSchema.safeParse(event);
  if (!parsed.success) return new ProviderFailure('bad-response', { cause: parsed.error });
  return withChunk(state, parsed.data);
}

/**
 * Whether the answer is whole when the connection ends: every choice that began has finished, and,
 * where `[DONE]` is missing, as many have as were asked for.
 */
export function isWhole({ done, finished }: StreamState, choicesAsked: number): boolean {
  if (finished.size === 0 || ![...finished.values()].every(Boolean)) return false;
  return done || finished.size >= choicesAsked;
}

/** Usage comes last: while it is missing, a connection that breaks may have taken it along. */
export const lacksNothing = (state: StreamState, choicesAsked: number): boolean =>
  isWhole(state, choicesAsked) && (state.done || state.counted);

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Looked for in every event, where a schema that fails costs more than all the rest. */
const errorOf = (event: unknown) =>
  typeof event === 'object' && event !== null && 'error' in event
    ? errorSchema.safeParse(event.error).data
    : undefined;

function withChunk(state: StreamState, chunk: ChatChunk): readonly [StreamState, ChatChunk] {
  const finished = new Map(state.finished);
  const toolCalls = new Map(state.toolCalls);
  const choices = chunk.choices.map((choice) => {
    const { index, finish_reason } = choice;
    finished.set(index, finished.get(index) === true || Boolean(finish_reason));
    const [begun, delta] = numberToolCalls(choice.delta, toolCalls.get(index) ?? 0);
    toolCalls.set(index, begun);
    return { ...choice, delta };
  });
  return [
    { ...state, counted: state.counted || Boolean(chunk.usage), finished, toolCalls },
    { ...chunk, choices },
  ];
}

/** Some servers number no tool calls: then an id begins a new one, and a fragment without id continues the last. */
function numberToolCalls(delta: ChatDelta, begun: number): readonly [number, ChatDelta] {
  if (!delta.tool_calls) return [begun, delta];
  let count = begun;
  const toolCalls = delta.tool_calls.map((call) => {
    const index = call.index ?? (call.id ? count : Math.max(0, count - 1));
    count = Math.max(count, index + 1);
    return { ...call, index };
  });
  return [count, { ...delta, tool_calls: toolCalls }];
}
