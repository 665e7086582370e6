/** What an answer's chunks tell of its usage: one accumulator for answers that stream and those that do not. */
import type { ChatChunk, ChatDelta } from '../contract/chat.ts';
import { type KeptText, keepText, NO_TEXT } from './kept-text.ts';
import { countUsage } from './reported-usage.ts';

export interface UsageTally {
  /** From whichever chunk has one; the last that tells both sides wins. */
  readonly report: object | undefined;
  /** What the model has said that the report does not count; most providers report last, and all. */
  readonly unreported: KeptText;
  /** How the provider says that it served the request: `default`, `flex`, `priority`. */
  readonly tier: string | undefined;
}

export const NOTHING_TALLIED: UsageTally = {
  report: undefined,
  unreported: NO_TEXT,
  tier: undefined,
};

export function tallyChunk(tally: UsageTally, chunk: ChatChunk): UsageTally {
  const { usage, service_tier } = chunk;
  const tier = typeof service_tier === 'string' ? service_tier : tally.tier;
  if (usage && countUsage(usage)) return { report: usage, unreported: NO_TEXT, tier };
  const said = chunk.choices.flatMap(({ delta }) => wordsOf(delta));
  return {
    report: tally.report ?? usage ?? undefined,
    unreported: said.reduce(keepText, tally.unreported),
    tier,
  };
}

/** What costs output tokens. Servers name a model's thoughts in one of two ways. */
function wordsOf({ content, refusal, reasoning_content, reasoning, tool_calls }: ChatDelta) {
  const calls = (tool_calls ?? []).flatMap((call) => [
    call.function?.name,
    call.function?.arguments,
  ]);
  return [content, refusal, reasoning_content ?? reasoning, ...calls].filter(
    (words): words is string => typeof words === 'string' && words !== '',
  );
}
