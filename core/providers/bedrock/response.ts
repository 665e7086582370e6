/** What Converse says of an answer: why it stopped, what it used; and an unstreamed answer as a stream's events. */
import type {
  ContentBlock,
  ConverseResponse,
  ConverseStreamOutput,
  TokenUsage as ConverseUsage,
} from '@aws-sdk/client-bedrock-runtime';
import type { TokenUsage } from '../../ledger/token-usage.ts';

/**
 * Converse's reason → OpenAI's; undefined for one that does not end an answer well: a malformed
 * answer, or a reason that came after this table. Nothing is called finished that may not be.
 *
 * An answer that ends by itself has called tools when there are calls in it: some models say
 * `end_turn` after a call, or `tool_use` without one, and a client acts on what it is told.
 */
export function toFinishReason(reason: string, hasToolCalls: boolean): string | undefined {
  switch (reason) {
    case 'end_turn':
    case 'tool_use':
      return hasToolCalls ? 'tool_calls' : 'stop';
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    // The window was full before the model was done: cut for room, as `max_tokens` is.
    case 'model_context_window_exceeded':
      return 'length';
    case 'content_filtered':
    case 'guardrail_intervened':
      return 'content_filter';
    default:
      return undefined;
  }
}

/** Converse counts cached input apart from the rest. What it does not tell stays absent. */
export function toTokenUsage(told: ConverseUsage | undefined): TokenUsage | undefined {
  if (told?.inputTokens === undefined || told.outputTokens === undefined) return undefined;
  const written = told.cacheWriteInputTokens;
  const forAnHour = told.cacheDetails?.reduce(
    (sum, { ttl, inputTokens }) => sum + (ttl === '1h' ? (inputTokens ?? 0) : 0),
    0,
  );
  return {
    uncachedInput: told.inputTokens,
    cacheRead: told.cacheReadInputTokens,
    cacheWrite5m: written === undefined ? undefined : written - (forAnHour ?? 0),
    cacheWrite1h: forAnHour,
    output: told.outputTokens,
  };
}

/** For models whose tools cannot stream: their answer, as the events that a stream would have had. */
export function toStreamEvents(response: ConverseResponse): ConverseStreamOutput[] {
  const blocks = response.output?.message?.content ?? [];
  return [
    { messageStart: { role: 'assistant' } },
    ...blocks.flatMap((block, index) => toBlockEvents(block, index)),
    ...(response.stopReason ? [{ messageStop: { stopReason: response.stopReason } }] : []),
    { metadata: { usage: response.usage, metrics: undefined, serviceTier: response.serviceTier } },
  ];
}

function toBlockEvents(block: ContentBlock, contentBlockIndex: number): ConverseStreamOutput[] {
  const { text, toolUse, reasoningContent } = block;
  const delta = (delta: Delta) => ({ contentBlockDelta: { contentBlockIndex, delta } });
  if (text !== undefined) return [delta({ text })];
  if (toolUse) {
    const { input, ...start } = toolUse;
    return [
      { contentBlockStart: { contentBlockIndex, start: { toolUse: start } } },
      delta({ toolUse: { input: JSON.stringify(input ?? {}) } }),
      { contentBlockStop: { contentBlockIndex } },
    ];
  }
  if (reasoningContent?.redactedContent) {
    const { redactedContent } = reasoningContent;
    return [delta({ reasoningContent: { redactedContent } })];
  }
  const { text: thought, signature } = reasoningContent?.reasoningText ?? {};
  return [
    ...(thought ? [delta({ reasoningContent: { text: thought } })] : []),
    ...(signature ? [delta({ reasoningContent: { signature } })] : []),
  ];
}

type Delta = NonNullable<
  ConverseStreamOutput.ContentBlockDeltaMember['contentBlockDelta']['delta']
>;
