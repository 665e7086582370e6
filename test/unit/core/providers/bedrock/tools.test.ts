import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../../core/contract/chat.ts';
import { toToolConfig } from '../../../../../core/providers/bedrock/tools.ts';

const parameters = { type: 'object', properties: { query: { type: 'string' } } };
const search = {
  type: 'function',
  function: { name: 'search', description: 'Finds products.', parameters, strict: true },
};
const searchSpec = {
  toolSpec: {
    name: 'search',
    description: 'Finds products.',
    inputSchema: { json: parameters },
    strict: true,
  },
};
const called = {
  role: 'assistant' as const,
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'list_stores', arguments: '{}' } }],
};
const open = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } });
const configOf = (fields: Partial<ChatRequest>) =>
  toToolConfig({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...fields });

describe('tools', () => {
  it.each([
    ['no tools', {}, undefined],
    ['an empty list', { tools: [] }, undefined],
    ['a tool', { tools: [search] }, { tools: [searchSpec] }],
    [
      'a tool without description or parameters',
      { tools: [{ type: 'function', function: { name: 'now', description: ' ' } }] },
      { tools: [open('now')] },
    ],
    [
      'a cache point after the tool that asks for it',
      { tools: [{ ...search, cache_control: { type: 'ephemeral', ttl: '5m' } }] },
      { tools: [searchSpec, { cachePoint: { type: 'default', ttl: '5m' } }] },
    ],
    ['auto, the default', { tools: [search], tool_choice: 'auto' }, { tools: [searchSpec] }],
    [
      'required',
      { tools: [search], tool_choice: 'required' },
      { tools: [searchSpec], toolChoice: { any: {} } },
    ],
    [
      'one by name',
      { tools: [search], tool_choice: { type: 'function', function: { name: 'search' } } },
      { tools: [searchSpec], toolChoice: { tool: { name: 'search' } } },
    ],
    ['none leaves the tools out', { tools: [search], tool_choice: 'none' }, undefined],
    [
      'none keeps them when the history has calls, which Converse wants declared',
      { tools: [search], tool_choice: 'none', messages: [called] },
      { tools: [searchSpec] },
    ],
    [
      'history alone declares the tools that it names',
      { messages: [called, called] },
      { tools: [open('list_stores')] },
    ],
    [
      'a custom call in the history',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'custom' }] }] },
      undefined,
    ],
  ] as const)('%s', (_, fields, config) => {
    expect(configOf(fields as unknown as Partial<ChatRequest>)).toEqual(config);
  });

  it.each([
    ['tools that are no functions', { tools: [{ type: 'custom' }] }, 'tools.0.type'],
    [
      'a choice Converse lacks',
      { tools: [search], tool_choice: { type: 'allowed_tools' } },
      'tool_choice',
    ],
    ['a choice that is none', { tools: [search], tool_choice: 'perhaps' }, 'tool_choice'],
  ])('refuses %s, naming it', (_, fields, param) => {
    expect(() => configOf(fields)).toThrow(
      expect.objectContaining({ reason: 'unsupported', details: { param } }),
    );
  });
});
