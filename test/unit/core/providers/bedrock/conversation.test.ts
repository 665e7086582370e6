import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../../../core/contract/chat.ts';
import { toConversation } from '../../../../../core/providers/bedrock/conversation.ts';

const user = (content: ChatMessage['content']): ChatMessage => ({ role: 'user', content });
const assistant = (content: string | null, ...calls: readonly [string, string][]): ChatMessage => ({
  role: 'assistant',
  content,
  tool_calls: calls.map(([id, json]) => ({
    id,
    type: 'function',
    function: { name: 'search', arguments: json },
  })),
});
const result = (id: string, content: ChatMessage['content']): ChatMessage => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
const cache_control = { type: 'ephemeral' };

describe('a conversation', () => {
  it('system and developer messages are the system prompt, wherever they stand', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: [{ type: 'text', text: 'a', cache_control }] },
      user('hi'),
      { role: 'developer', content: 'b' },
    ];
    expect(toConversation(messages)).toEqual({
      system: [{ text: 'a' }, { cachePoint: { type: 'default' } }, { text: 'b' }],
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    });
  });

  it('results of parallel calls and the words after them are one turn of the user', () => {
    const messages = [
      user('kettles?'),
      assistant('Looking.', ['a', '{"query":"kettle"}'], ['b', '']),
      result('a', 'two found'),
      result('b', [{ type: 'text', text: 'none', cache_control }]),
      user('and mugs?'),
    ];
    expect(toConversation(messages).messages).toEqual([
      { role: 'user', content: [{ text: 'kettles?' }] },
      {
        role: 'assistant',
        content: [
          { text: 'Looking.' },
          { toolUse: { toolUseId: 'a', name: 'search', input: { query: 'kettle' } } },
          { toolUse: { toolUseId: 'b', name: 'search', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'a', content: [{ text: 'two found' }] } },
          { toolResult: { toolUseId: 'b', content: [{ text: 'none' }] } },
          { cachePoint: { type: 'default' } },
          { text: 'and mugs?' },
        ],
      },
    ]);
  });

  it('an empty result stays a result, and carries pictures and documents too', () => {
    const url = 'data:image/png;base64,AAAA';
    const file_data = 'data:application/pdf;base64,AAAA';
    const bytes = Buffer.from('AAAA', 'base64');
    const parts = [
      { type: 'image_url', image_url: { url } },
      { type: 'file', file: { file_data } },
    ];
    const [turn] = toConversation([result('a', ''), result('b', parts)]).messages;
    expect(turn?.content).toEqual([
      { toolResult: { toolUseId: 'a', content: [] } },
      {
        toolResult: {
          toolUseId: 'b',
          content: [
            { image: { format: 'png', source: { bytes } } },
            { document: { format: 'pdf', name: 'document-1-1', source: { bytes } } },
          ],
        },
      },
    ]);
  });

  it('signed reasoning goes back before the words it led to', () => {
    const reasoning_details = [
      { type: 'reasoning.text', format: 'bedrock-converse-v1', text: 'hm', signature: 's' },
    ];
    const [turn] = toConversation([{ ...assistant('yes'), reasoning_details }]).messages;
    expect(turn?.content).toEqual([
      { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
      { text: 'yes' },
    ]);
  });

  it.each([
    [
      'arguments that are not JSON',
      assistant(null, ['a', '{"query']),
      'tool_calls.0.function.arguments',
    ],
    [
      'arguments that are no object',
      assistant(null, ['a', '[1]']),
      'tool_calls.0.function.arguments',
    ],
    [
      'a custom tool call',
      { role: 'assistant', tool_calls: [{ id: 'a', type: 'custom' }] } as ChatMessage,
      'tool_calls.0.type',
    ],
    ['a result of no call', { role: 'tool', content: 'x' } as ChatMessage, 'tool_call_id'],
    ['a function message', { role: 'function', content: 'x' } as ChatMessage, 'role'],
    [
      'a picture in the system prompt',
      {
        role: 'system',
        content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
      } as ChatMessage,
      'content',
    ],
  ])('refuses %s, naming it', (_, message, path) => {
    expect(() => toConversation([message])).toThrow(
      expect.objectContaining({
        reason: 'unsupported',
        details: expect.objectContaining({ param: `messages.0.${path}` }),
      }),
    );
  });

  it('turns alternate, none is empty, and no word is lost, whatever the roles', () => {
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant', 'tool', 'system'),
      content: fc.string(),
      tool_call_id: fc.constant('a'),
    });
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const { system, messages: turns } = toConversation(messages as ChatMessage[]);
        for (const [index, turn] of turns.entries()) {
          expect(turn.role).not.toBe(turns[index - 1]?.role);
          expect(turn.content?.length).toBeGreaterThan(0);
        }
        const words = turns.flatMap(({ content }) =>
          (content ?? []).flatMap(
            ({ text, toolResult }) => text ?? toolResult?.content?.[0]?.text ?? [],
          ),
        );
        const said = messages.filter(({ content }) => content.trim());
        expect(words).toEqual(said.filter((m) => m.role !== 'system').map((m) => m.content));
        expect(system.map(({ text }) => text)).toEqual(
          said.filter((m) => m.role === 'system').map((m) => m.content),
        );
      }),
    );
  });
});
