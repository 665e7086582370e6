/**
 * OpenAI's published shapes, checked as a client receives them. The compiler holds them to the types of
 * the official `openai` package: a required field left out here does not compile.
 */
import type OpenAI from 'openai';
import * as z from 'zod';

const finishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);
const count = z.int().nonnegative();

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
});

const tokenLogprob = z.object({
  token: z.string(),
  bytes: z.array(z.int()).nullable(),
  logprob: z.number(),
  top_logprobs: z.array(
    z.object({ token: z.string(), bytes: z.array(z.int()).nullable(), logprob: z.number() }),
  ),
});
const logprobs = z
  .object({
    content: z.array(tokenLogprob).nullable(),
    refusal: z.array(tokenLogprob).nullable(),
  })
  .nullable();

const identity = { id: z.string().min(1), created: count, model: z.string().min(1) };

const toolCallFragment = z.object({
  index: count,
  id: z.string().min(1).exactOptional(),
  type: z.literal('function').exactOptional(),
  function: z
    .object({ name: z.string().exactOptional(), arguments: z.string().exactOptional() })
    .exactOptional(),
});

export const publishedChunk: z.ZodType<OpenAI.ChatCompletionChunk> = z.object({
  ...identity,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      index: count,
      delta: z.object({
        role: z.literal('assistant').exactOptional(),
        content: z.string().nullable().exactOptional(),
        refusal: z.string().nullable().exactOptional(),
        tool_calls: z.array(toolCallFragment).exactOptional(),
      }),
      finish_reason: finishReason.nullable(),
      logprobs: logprobs.exactOptional(),
    }),
  ),
  usage: usage.nullable().exactOptional(),
});

export const publishedCompletion: z.ZodType<OpenAI.ChatCompletion> = z.object({
  ...identity,
  object: z.literal('chat.completion'),
  choices: z
    .array(
      z.object({
        index: count,
        message: z.object({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          refusal: z.string().nullable(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1),
                type: z.literal('function'),
                function: z.object({ name: z.string().min(1), arguments: z.string() }),
              }),
            )
            .exactOptional(),
        }),
        finish_reason: finishReason,
        logprobs,
      }),
    )
    .min(1),
  usage: usage.exactOptional(),
});

export const publishedEmbeddings: z.ZodType<OpenAI.CreateEmbeddingResponse> = z.object({
  object: z.literal('list'),
  model: z.string().min(1),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: count,
      embedding: z.array(z.number()),
    }),
  ),
  usage: z.object({ prompt_tokens: count, total_tokens: count }),
});
