/**
 * A completion and its stream are two renderings of one value. The core folds what a provider streams,
 * the edge what it relays, and a cached answer is replayed from the same value: so text, tool calls and
 * usage cannot differ between them.
 */
import {
  type ChatChunk,
  type ChatCompletion,
  type ChatDelta,
  chatCompletionSchema,
} from './chat.ts';

type Fields = Readonly<Record<string, unknown>>;

interface ChoiceSoFar {
  readonly message: Fields;
  readonly fields: Fields;
}

/** What an answer is called. `created` in epoch seconds. */
export interface CompletionIdentity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export interface CompletionSoFar {
  readonly identity: CompletionIdentity;
  readonly fields: Fields;
  readonly choices: ReadonlyMap<number, ChoiceSoFar>;
  /** From whichever chunk has it; the last one wins. Absent is not zero. */
  readonly usage: Fields | undefined;
}

/** Nothing seen yet; `identity` stands in for what the provider does not say. */
export const beginCompletion = (identity: CompletionIdentity): CompletionSoFar => ({
  identity,
  fields: {},
  choices: new Map(),
  usage: undefined,
});

/** Strings that name something and may be repeated; every other string of a delta is a fragment to append. */
const NAMES: ReadonlySet<string> = new Set(['role', 'id', 'type', 'name', 'format']);

export function foldChunk(soFar: CompletionSoFar, chunk: ChatChunk): CompletionSoFar {
  const { id, created, model, choices, usage, object: _, obfuscation: __, ...fields } = chunk;
  const { identity } = soFar;
  const merged = new Map(soFar.choices);
  for (const { index, delta, logprobs, ...rest } of choices) {
    const { message, fields: before } = merged.get(index) ?? { message: {}, fields: {} };
    merged.set(index, {
      message: append(message, delta),
      fields: {
        ...replace(before, rest),
        ...(logprobs !== undefined && {
          logprobs: appendValue('logprobs', before.logprobs, logprobs),
        }),
      },
    });
  }
  return {
    identity: {
      id: id || identity.id,
      created: created ?? identity.created,
      model: model || identity.model,
    },
    fields: replace(soFar.fields, fields),
    choices: merged,
    usage: usage ?? soFar.usage,
  };
}

/** The whole answer, or undefined while any of its choices is unfinished or malformed. */
export function finishCompletion(soFar: CompletionSoFar): ChatCompletion | undefined {
  const parsed = chatCompletionSchema.safeParse({
    ...soFar.identity,
    ...soFar.fields,
    object: 'chat.completion',
    choices: [...soFar.choices]
      .sort(([a], [b]) => a - b)
      .map(([index, { message, fields }]) => ({
        ...fields,
        index,
        message: { role: 'assistant', content: null, ...message, ...toolCalls(message) },
      })),
    ...(soFar.usage && { usage: soFar.usage }),
  });
  return parsed.success && parsed.data.choices.length > 0 ? parsed.data : undefined;
}

/** Replays a whole answer as chunks: each choice in one delta, its finish, and the usage if it was asked for. */
export function toChunks(completion: ChatCompletion, includeUsage: boolean): readonly ChatChunk[] {
  const { choices, usage, object: _, ...fields } = completion;
  const chunk = { ...fields, object: 'chat.completion.chunk' };
  return [
    ...choices.flatMap(({ index, message, finish_reason, ...rest }) => [
      { ...chunk, choices: [{ ...rest, index, delta: toDelta(message), finish_reason: null }] },
      { ...chunk, choices: [{ index, delta: {}, finish_reason }] },
    ]),
    ...(includeUsage && usage ? [{ ...chunk, choices: [], usage }] : []),
  ];
}

/** Whether a client would see something of the answer in this chunk: a role alone is nothing yet. */
export const hasContent = (chunk: ChatChunk): boolean =>
  chunk.choices.some(
    ({ delta, finish_reason }) =>
      Boolean(finish_reason) ||
      Object.entries(delta).some(([key, value]) => key !== 'role' && !isEmpty(value)),
  );

/** What servers put into a delta that says nothing. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

function toDelta(message: ChatCompletion['choices'][number]['message']): ChatDelta {
  const { tool_calls, ...rest } = message;
  if (!tool_calls) return rest;
  return { ...rest, tool_calls: tool_calls.map((call, index) => ({ index, ...call })) };
}

/** The index of a tool call is the stream's; a message has their order instead. */
function toolCalls(message: Fields): Fields {
  const calls = message.tool_calls;
  if (!Array.isArray(calls)) return {};
  return {
    tool_calls: calls.map((call: unknown) => {
      const { index: _, ...rest } = isFields(call) ? call : {};
      return rest;
    }),
  };
}

const replace = (before: Fields, next: Fields): Fields => ({
  ...before,
  ...Object.fromEntries(
    Object.entries(next).filter(([key, value]) => value !== null || !(key in before)),
  ),
});

function append(before: Fields, fragment: Fields): Fields {
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(fragment)) {
    if (value !== undefined) merged[key] = appendValue(key, merged[key], value);
  }
  return merged;
}

function appendValue(key: string, before: unknown, value: unknown): unknown {
  if (value === null) return before ?? null;
  if (Array.isArray(value)) return appendItems(Array.isArray(before) ? before : [], value);
  if (isFields(value)) return append(isFields(before) ? before : {}, value);
  if (typeof before !== 'string' || typeof value !== 'string') return value;
  return NAMES.has(key) ? before || value : before + value;
}

/** Items that carry an index are fragments of the item with the same index; others are whole. */
function appendItems(before: readonly unknown[], items: readonly unknown[]): unknown[] {
  const merged = [...before];
  for (const item of items) {
    const index = isFields(item) && typeof item.index === 'number' ? item.index : undefined;
    const at = merged.findIndex((other) => isFields(other) && other.index === index);
    const other = merged[at];
    if (index === undefined || !isFields(item) || !isFields(other)) merged.push(item);
    else merged[at] = append(other, item);
  }
  return merged;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
