/**
 * Chat completions on the wire, as OpenAI defines them: strict on what the gateway acts on, loose on
 * what it passes through. https://platform.openai.com/docs/api-reference/chat
 */
import * as z from 'zod/mini';
import type { Fault } from './fault.ts';
import type { JsonObject } from './json-body.ts';
import { listOf } from './list-of.ts';
import { parseInput } from './parse-input.ts';

/** Longest model name accepted; names are matched exactly, never normalised. */
const MAX_MODEL_NAME = 128;
/** OpenAI's own bound on `n`. */
const MAX_CHOICES = 128;
/** Above any model's output limit; refuses nonsense before anything is reserved for it. */
const MAX_OUTPUT_TOKENS = 1_000_000;

const outputTokens = z.int().check(z.minimum(1), z.maximum(MAX_OUTPUT_TOKENS));

const messageSchema = z.looseObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.nullish(z.union([z.string(), listOf(z.looseObject({ type: z.string() }))])),
  name: z.optional(z.string()),
  tool_calls: z.nullish(
    listOf(
      z.looseObject({
        id: z.string(),
        type: z.string(),
        function: z.optional(z.looseObject({ name: z.string(), arguments: z.string() })),
      }),
    ),
  ),
  tool_call_id: z.optional(z.string()),
});

const toolSchema = z.looseObject({
  type: z.string(),
  function: z.optional(
    z.looseObject({
      name: z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,128}$/)),
      description: z.nullish(z.string()),
      parameters: z.nullish(z.looseObject({})),
    }),
  ),
});

/** @internal */
export type ChatTool = z.infer<typeof toolSchema>;

export const chatRequestSchema = z.looseObject({
  model: z.string().check(z.minLength(1), z.maxLength(MAX_MODEL_NAME)),
  messages: listOf(messageSchema).check(z.minLength(1)),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.looseObject({ include_usage: z.nullish(z.boolean()) })),
  max_tokens: z.nullish(outputTokens),
  max_completion_tokens: z.nullish(outputTokens),
  n: z.nullish(z.int().check(z.minimum(1), z.maximum(MAX_CHOICES))),
  temperature: z.nullish(z.number().check(z.minimum(0), z.maximum(2))),
  top_p: z.nullish(z.number().check(z.minimum(0), z.maximum(1))),
  stop: z.nullish(z.union([z.string(), listOf(z.string())])),
  tools: z.nullish(listOf(toolSchema)),
  tool_choice: z.nullish(z.union([z.string(), z.looseObject({ type: z.string() })])),
  parallel_tool_calls: z.nullish(z.boolean()),
  response_format: z.nullish(z.looseObject({ type: z.string() })),
});

export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = ChatRequest['messages'][number];

/** A parsed body → the request, or the fault that names its first wrong field. */
export const parseChatRequest = (body: JsonObject): ChatRequest | Fault =>
  parseInput(chatRequestSchema, { value: body, from: 'body' });

/** OpenAI's usage object, and the gateway's `cost` in it (USD). */
export const usageSchema = z.looseObject({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  prompt_tokens_details: z.nullish(z.looseObject({ cached_tokens: z.nullish(z.number()) })),
  completion_tokens_details: z.nullish(z.looseObject({ reasoning_tokens: z.nullish(z.number()) })),
});
export type Usage = z.infer<typeof usageSchema>;

const toolCallDeltaSchema = z.looseObject({
  index: z.number(),
  id: z.optional(z.string()),
  type: z.optional(z.string()),
  function: z.optional(
    z.looseObject({ name: z.optional(z.string()), arguments: z.optional(z.string()) }),
  ),
});
export type ToolCallDelta = z.infer<typeof toolCallDeltaSchema>;

const deltaSchema = z.looseObject({
  role: z.optional(z.string()),
  content: z.nullish(z.string()),
  refusal: z.nullish(z.string()),
  tool_calls: z.optional(z.array(toolCallDeltaSchema)),
});
export type ChatDelta = z.infer<typeof deltaSchema>;

/** One event of a stream, as every adapter makes it; its envelope may still lack what the delivery adds. */
export const chatChunkSchema = z.looseObject({
  id: z.nullish(z.string()),
  model: z.nullish(z.string()),
  created: z.nullish(z.number()),
  choices: z.array(
    z.looseObject({
      index: z.number(),
      delta: deltaSchema,
      finish_reason: z.nullish(z.string()),
    }),
  ),
  /** As the provider says it, down to nonsense: the core makes a `Usage` of it. */
  usage: z.catch(z.nullish(z.looseObject({})), undefined),
});
export type ChatChunk = z.infer<typeof chatChunkSchema>;

export const chatCompletionSchema = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.number(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.number(),
      message: z.looseObject({
        role: z.string(),
        content: z.nullish(z.string()),
        refusal: z.nullish(z.string()),
        tool_calls: z.nullish(z.array(z.looseObject({ id: z.string(), type: z.string() }))),
      }),
      finish_reason: z.string(),
    }),
  ),
  usage: z.nullish(usageSchema),
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
