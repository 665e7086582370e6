/** What Converse says of an answer: why it stopped, what it used; and an unstreamed answer as a stream's events. */
import type {
  ContentBlock,
  ConverseResponse,
  ConverseStreamOutput,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import type { Usage } from '../../contract/chat.ts';

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

/** Converse counts cached input apart; OpenAI counts it as part of the prompt. Absent stays absent. */
export function toUsage(usage: TokenUsage | undefined): Usage | undefined {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return undefined;
  const read = usage.cacheReadInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const prompt = usage.inputTokens + read + written;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: read,
      ...(written > 0 && { cache_creation_tokens: written, ...cacheDetails(usage) }),
    },
  };
}

/** Writes that live an hour cost more than those that live five minutes. */
function cacheDetails({ cacheDetails }: TokenUsage) {
  if (!cacheDetails?.length) return {};
  const tokens = (ttl: string) =>
    cacheDetails.reduce(
      (sum, detail) => sum + (detail.ttl === ttl ? (detail.inputTokens ?? 0) : 0),
      0,
    );
  return {
    cache_creation_token_details: {
      ephemeral_5m_input_tokens: tokens('5m'),
      ephemeral_1h_input_tokens: tokens('1h'),
    },
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
