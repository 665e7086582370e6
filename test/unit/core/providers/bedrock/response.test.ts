import { StopReason } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import {
  toFinishReason,
  toStreamEvents,
  toTokenUsage,
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
    ['without a cache', tokens, { uncachedInput: 10, output: 5 }],
    [
      'of a cache that was not used, which is not the same',
      { ...tokens, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 },
      { uncachedInput: 10, cacheRead: 0, cacheWrite5m: 0, output: 5 },
    ],
    [
      'with cache reads and writes, which are not part of the input',
      { ...tokens, cacheReadInputTokens: 700, cacheWriteInputTokens: 100 },
      { uncachedInput: 10, cacheRead: 700, cacheWrite5m: 100, output: 5 },
    ],
    [
      'with how long the writes live',
      {
        ...tokens,
        cacheWriteInputTokens: 100,
        cacheDetails: [
          { ttl: '1h' as const, inputTokens: 60 },
          { ttl: '5m' as const, inputTokens: 40 },
          { ttl: '1h' as const, inputTokens: undefined },
        ],
      },
      { uncachedInput: 10, cacheWrite5m: 40, cacheWrite1h: 60, output: 5 },
    ],
  ])('%s', (_, reported, usage) => {
    expect(toTokenUsage(reported)).toEqual(usage);
  });

  it.each([
    ['nothing', undefined],
    ['no input', { inputTokens: undefined, outputTokens: 1, totalTokens: 1 }],
    ['no output', { inputTokens: 1, outputTokens: undefined, totalTokens: 1 }],
  ])('%s reported is unknown, not zero', (_, reported) => {
    expect(toTokenUsage(reported)).toBeUndefined();
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
