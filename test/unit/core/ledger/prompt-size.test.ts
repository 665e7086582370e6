import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../core/contract/chat.ts';
import { boundInput, boundOutput, promptText } from '../../../../core/ledger/prompt-size.ts';

const wire = (content: ChatRequest['messages'][number]['content']): ChatRequest => ({
  model: 'm',
  messages: [{ role: 'user', content }],
});

describe('the bound of the input', () => {
  it('is its bytes, and what the provider may add', () => {
    expect(boundInput({ input: 'ä' })).toBe(Buffer.byteLength('{"input":"ä"}') + 1_024);
  });

  it('allows 50,000 tokens for what is not text, however few bytes it has', () => {
    const { messages } = wire([
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url: 'https://shop.example/lamp.png' } },
      { type: 'file', file: { file_data: 'JVBERi0=' } },
    ]);
    const bytes = Buffer.byteLength(JSON.stringify({ messages }));
    expect(boundInput({ messages }, messages)).toBe(bytes + 1_024 + 100_000);
  });

  it('is never below the text that can be counted', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        const request = wire(content);
        const { text, extraTokens } = promptText(request);
        const most = Buffer.byteLength(text.text) + text.moreBytes + extraTokens;
        expect(most).toBeLessThanOrEqual(boundInput(request, request.messages));
      }),
    ));
});

it('the bound of the output is what was asked for, or 16,384', () => {
  expect([boundOutput({ maxTokens: 5 }), boundOutput({ maxTokens: undefined })]).toEqual([
    5, 16_384,
  ]);
});

describe('the text of a request', () => {
  it('is its words, calls, tools and schema, and not its images', () => {
    const request: ChatRequest = {
      model: 'm',
      messages: [
        { role: 'system', content: 'one ' },
        { role: 'user', content: [{ type: 'text', text: 'two ' }, { type: 'image_url' }] },
        { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function' }] },
      ],
      tools: [{ type: 'function' }],
      response_format: { type: 'json_object' },
    };
    expect(promptText(request)).toEqual({
      text: {
        text: 'one two [{"id":"a","type":"function"}][{"type":"function"}]{"type":"json_object"}',
        moreBytes: 0,
      },
      extraTokens: 3 * 4 + 1_000,
    });
  });
});
