/** What OpenAI-compatible servers leave out, set to null or say in their own way → OpenAI's fields. */
import * as z from 'zod/mini';
import type { ChatDelta } from '../../contract/chat.ts';
import type { Fragment } from './tools.ts';

const fragmentSchema = z.looseObject({
  index: z.nullish(z.number()),
  id: z.nullish(z.string()),
  type: z.nullish(z.string()),
  function: z.nullish(
    z.looseObject({ name: z.nullish(z.string()), arguments: z.optional(z.unknown()) }),
  ),
});

const deltaSchema = z.looseObject({
  role: z.nullish(z.string()),
  content: z.nullish(z.string()),
  refusal: z.nullish(z.string()),
  tool_calls: z.nullish(z.array(fragmentSchema)),
});

/** An event, or a whole answer told as one. */
export const eventSchema = z.looseObject({
  id: z.nullish(z.string()),
  model: z.nullish(z.string()),
  created: z.nullish(z.number()),
  choices: z.nullish(
    z.array(
      z.looseObject({
        index: z.nullish(z.number()),
        delta: z.nullish(deltaSchema),
        finish_reason: z.nullish(z.string()),
        logprobs: z.nullish(z.looseObject({})),
      }),
    ),
  ),
  usage: z.optional(z.unknown()),
});
export type ToldEvent = z.infer<typeof eventSchema>;
export type ToldChoice = NonNullable<ToldEvent['choices']>[number];

interface Delta {
  /** All but the tool calls. */
  readonly said: ChatDelta;
  readonly fragments: readonly Fragment[] | undefined;
}

/** Some servers set to null what clients expect to be absent. */
export function toDelta(told: ToldChoice['delta']): Delta {
  const { role, tool_calls, function_call, ...rest } = told ?? {};
  const said = { ...(role && { role }), ...rest, ...(function_call != null && { function_call }) };
  return { said, fragments: tool_calls ?? undefined };
}

/** A choice's own fields, without what it says and how it ends. */
export function toChoiceFields({ index: _, delta: __, finish_reason: ___, ...told }: ToldChoice) {
  const { logprobs } = told;
  return logprobs ? { ...told, logprobs: { content: null, refusal: null, ...logprobs } } : told;
}

/** Of a chunk, without what is in it. */
export function toEnvelope({ choices: _, usage: __, system_fingerprint, ...rest }: ToldEvent) {
  return { ...rest, ...(system_fingerprint != null && { system_fingerprint }) };
}

const reportSchema = z.record(z.string(), z.unknown());

/** The report as it is, without its nulls: what it counts is read in `core/ledger`. Undefined where it counts nothing. */
export function toUsage(told: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = reportSchema.safeParse(told);
  if (!data) return undefined;
  const said = Object.entries(data).filter(([, value]) => value !== null);
  const hasCounts = said.some(([, value]) => typeof value === 'number');
  return hasCounts ? Object.fromEntries(said) : undefined;
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
