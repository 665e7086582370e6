import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../../../core/contract/chat.ts';
import {
  beginCompletion,
  finishCompletion,
  foldChunk,
} from '../../../../../core/contract/completion-stream.ts';
import {
  toReasoningBlocks,
  toReasoningDelta,
  toReasoningFields,
} from '../../../../../core/providers/bedrock/reasoning.ts';

describe('asking a model to think', () => {
  it.each([
    [
      'adaptive',
      'high',
      undefined,
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
    [
      'adaptive',
      'minimal',
      undefined,
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    ],
    ['adaptive', 'none', undefined, {}],
    ['adaptive', undefined, undefined, {}],
    ['budget', 'low', undefined, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['budget', 'xhigh', 100_000, { thinking: { type: 'enabled', budget_tokens: 32_768 } }],
    ['budget', 'high', 4096, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['budget', 'high', 2047, {}],
    ['effort', 'medium', undefined, { reasoning_effort: 'medium' }],
    ['nova', 'low', undefined, { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }],
    [undefined, 'high', undefined, {}],
    [undefined, null, undefined, {}],
  ] as const)('%s, effort %s, at most %s tokens', (style, effort, maxTokens, fields) => {
    expect(toReasoningFields(effort, style, maxTokens)).toEqual(fields);
  });

  it('refuses an effort that is none', () => {
    expect(() => toReasoningFields('enormous', undefined, undefined)).toThrow(
      expect.objectContaining({ details: { param: 'reasoning_effort' } }),
    );
  });
});

describe('reasoning of an answer', () => {
  const fold = (deltas: readonly Parameters<typeof toReasoningDelta>[]) => {
    const chunks = deltas.map(
      (delta): ChatChunk => ({
        id: 'c',
        model: 'm',
        created: 1,
        choices: [{ index: 0, delta: toReasoningDelta(...delta) ?? {}, finish_reason: 'stop' }],
      }),
    );
    return finishCompletion(
      chunks.reduce(foldChunk, beginCompletion({ id: 'chatcmpl-1', created: 1, model: 'm' })),
    )?.choices[0]?.message;
  };

  it('comes back to the model block by block, as it was signed', () => {
    const message = fold([
      [0, { text: 'Stock ' }],
      [0, { text: 'first.' }],
      [0, { signature: 'sig' }],
      [0, { signature: 'nature' }],
      [1, { redactedContent: Buffer.from('s') }],
      [1, { redactedContent: Buffer.from('ecret') }],
      [3, { signature: 'alone' }],
    ]);
    expect(message?.reasoning_content).toBe('Stock first.');
    expect(
      toReasoningBlocks({ ...message, role: 'assistant', content: 'x', tool_calls: [] }),
    ).toEqual([
      { reasoningContent: { reasoningText: { text: 'Stock first.', signature: 'signature' } } },
      { reasoningContent: { redactedContent: Buffer.from('secret') } },
      { reasoningContent: { reasoningText: { text: '', signature: 'alone' } } },
    ]);
  });

  it.each([
    ['empty text', { text: '' }],
    ['empty redacted content', { redactedContent: new Uint8Array() }],
    ['an unknown kind', { $unknown: ['thought', {}] as [string, unknown] }],
  ])('%s is no fragment', (_, delta) => {
    expect(toReasoningDelta(0, delta)).toBeUndefined();
  });

  it.each([
    ['unsigned', [{ type: 'reasoning.text', text: 'hm' }]],
    ['signed elsewhere', [{ type: 'reasoning.text', text: 'hm', signature: 's', format: 'other' }]],
    ['not a list', 'hm'],
    ['not there', undefined],
  ])('reasoning that is %s stays out', (_, reasoning_details) => {
    expect(toReasoningBlocks({ role: 'assistant', content: 'x', reasoning_details })).toEqual([]);
  });
});
