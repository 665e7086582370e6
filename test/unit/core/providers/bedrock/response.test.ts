import { StopReason } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import {
  toFinishReason,
  toStreamEvents,
  toUsage,
} from '../../../../../core/providers/bedrock/response.ts';

/** A reason that the SDK learns of must be given its meaning here before it compiles. */
const MEANINGS: Readonly<Record<StopReason, string | undefined>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
  malformed_model_output: undefined,
  malformed_tool_use: undefined,
};

describe('why an answer stopped', () => {
  it.each(Object.values(StopReason).map((reason) => [reason, MEANINGS[reason]] as const))(
    '%s without tool calls is %s',
    (reason, meaning) => {
      expect(toFinishReason(reason, false)).toBe(meaning);
    },
  );

  it.each([
    ['end_turn', 'tool_calls'],
    ['tool_use', 'tool_calls'],
    ['max_tokens', 'length'],
    ['guardrail_intervened', 'content_filter'],
  ])('%s with tool calls is %s', (reason, meaning) => {
    expect(toFinishReason(reason, true)).toBe(meaning);
  });

  it('a reason nobody knows is no good end', () => {
    expect(toFinishReason('tired', false)).toBeUndefined();
  });
});

describe('usage', () => {
  const tokens = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };

  it.each([
    [
      'without a cache',
      tokens,
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    ],
    [
      'with cache reads and writes, which are part of the prompt',
      { ...tokens, cacheReadInputTokens: 700, cacheWriteInputTokens: 100 },
      {
        prompt_tokens: 810,
        completion_tokens: 5,
        total_tokens: 815,
        prompt_tokens_details: { cached_tokens: 700, cache_creation_tokens: 100 },
      },
    ],
    [
      'with how long the writes live',
      {
        ...tokens,
        cacheWriteInputTokens: 100,
        cacheDetails: [
          { ttl: '1h' as const, inputTokens: 60 },
          { ttl: '5m' as const, inputTokens: 40 },
          { ttl: '5m' as const, inputTokens: undefined },
        ],
      },
      {
        prompt_tokens: 110,
        completion_tokens: 5,
        total_tokens: 115,
        prompt_tokens_details: {
          cached_tokens: 0,
          cache_creation_tokens: 100,
          cache_creation_token_details: {
            ephemeral_5m_input_tokens: 40,
            ephemeral_1h_input_tokens: 60,
          },
        },
      },
    ],
  ])('%s', (_, reported, usage) => {
    expect(toUsage(reported)).toEqual(usage);
  });

  it.each([
    ['nothing', undefined],
    ['no input', { inputTokens: undefined, outputTokens: 1, totalTokens: 1 }],
    ['no output', { inputTokens: 1, outputTokens: undefined, totalTokens: 1 }],
  ])('%s reported is unknown, not zero', (_, reported) => {
    expect(toUsage(reported)).toBeUndefined();
  });
});

describe('an unstreamed answer', () => {
  it('without content or reason has no stop among its events', () => {
    const nothing = {
      output: undefined,
      stopReason: undefined,
      usage: undefined,
      metrics: undefined,
    };
    expect(toStreamEvents(nothing).map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      'metadata',
    ]);
  });

  it('of unsigned reasoning, and of blocks it does not know', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'hm' } } },
      { $unknown: ['song', {}] as [string, unknown] },
    ];
    const events = toStreamEvents({
      output: { message: { role: 'assistant', content } },
      stopReason: 'end_turn',
      usage: undefined,
      metrics: undefined,
    });
    expect(events).toHaveLength(4);
    expect(events[1]?.contentBlockDelta?.delta).toEqual({ reasoningContent: { text: 'hm' } });
  });
});
