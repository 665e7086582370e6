import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../../core/contract/chat.ts';
import { toConverseInput } from '../../../../../core/providers/bedrock/request.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-6';

function inputOf(fields: Partial<ChatRequest>, model = CLAUDE) {
  const wire: ChatRequest = {
    model: 'smart',
    messages: [{ role: 'user', content: 'hi' }],
    ...fields,
  };
  const { messages, max_completion_tokens, max_tokens, temperature } = wire;
  return toConverseInput({
    model,
    messages,
    wire,
    temperature: temperature ?? undefined,
    maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
  });
}

const schema = { type: 'object', properties: { price: { type: 'number' } } };

describe('a chat request for Converse', () => {
  it('has nothing that was not asked for', () => {
    expect(inputOf({})).toEqual({
      modelId: CLAUDE,
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
      inferenceConfig: {},
    });
  });

  it.each([
    'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
    'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3',
  ])('an inference profile passes as it is: %s', (model) => {
    expect(inputOf({}, model).modelId).toBe(model);
  });

  it.each([
    [
      { max_tokens: 100, temperature: 0.5, top_p: 0.9 },
      { maxTokens: 100, temperature: 0.5, topP: 0.9 },
    ],
    [{ stop: 'END' }, { stopSequences: ['END'] }],
    [
      { stop: ['a', 'b'], temperature: 0 },
      { stopSequences: ['a', 'b'], temperature: 0 },
    ],
    [{ stop: [], top_p: null }, {}],
  ])('%j', (fields, inferenceConfig) => {
    expect(inputOf(fields).inferenceConfig).toEqual(inferenceConfig);
  });

  it.each([
    [
      'a schema for the answer',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'price', description: 'A price.', schema, strict: true },
        },
      },
      {
        outputConfig: {
          textFormat: {
            type: 'json_schema',
            structure: {
              jsonSchema: {
                name: 'price',
                description: 'A price.',
                schema: JSON.stringify(schema),
              },
            },
          },
        },
      },
    ],
    ['a tier', { service_tier: 'flex' }, { serviceTier: { type: 'flex' } }],
    [
      'a guardrail',
      { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' } },
      { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' } },
    ],
    [
      'fields that only the model knows',
      { top_k: 40, anthropic_beta: ['x'] },
      { additionalModelRequestFields: { top_k: 40, anthropic_beta: ['x'] } },
    ],
    [
      'an effort',
      { reasoning_effort: 'low' },
      {
        additionalModelRequestFields: {
          thinking: { type: 'adaptive' },
          output_config: { effort: 'low' },
        },
      },
    ],
    [
      "the client's own thinking before the effort's",
      { reasoning_effort: 'low', thinking: { type: 'disabled' } },
      {
        additionalModelRequestFields: {
          thinking: { type: 'disabled' },
          output_config: { effort: 'low' },
        },
      },
    ],
    [
      'a system prompt and tools',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'hi' },
        ],
        tools: [{ type: 'function', function: { name: 'now' } }],
      },
      {
        system: [{ text: 'Be brief.' }],
        toolConfig: {
          tools: [{ toolSpec: { name: 'now', inputSchema: { json: { type: 'object' } } } }],
        },
      },
    ],
  ])('carries %s', (_, fields, input) => {
    expect(inputOf(fields as Partial<ChatRequest>)).toEqual({ ...inputOf({}), ...input });
  });

  it('leaves out what only tunes, labels or belongs to the gateway', () => {
    const fields = {
      frequency_penalty: 1,
      logit_bias: { 5: 1 },
      mcpContext: { tools: 'auto' },
      metadata: { order: '17' },
      n: 1,
      parallel_tool_calls: false,
      requestMetadata: { user: 'u' },
      response_format: { type: 'text' },
      seed: 1,
      service_tier: 'auto',
      store: true,
      stream: true,
      stream_options: { include_usage: true },
      thinking: null,
      top_logprobs: 0,
      user: 'u',
    };
    expect(inputOf(fields)).toEqual(inputOf({}));
  });

  it.each([
    ['n', 2],
    ['logprobs', true],
    ['top_logprobs', 3],
    ['audio', { voice: 'x' }],
    ['modalities', ['text', 'audio']],
    ['functions', [{ name: 'f' }]],
    ['function_call', 'auto'],
    ['web_search_options', {}],
    ['response_format', { type: 'json_object' }],
    ['service_tier', 'scale'],
    ['guardrailConfig', { guardrailIdentifier: 'g' }],
    ['reasoning_effort', 'enormous'],
  ])('refuses %s: %j', (param, value) => {
    expect(() => inputOf({ [param]: value })).toThrow(
      expect.objectContaining({ reason: 'unsupported', details: { param } }),
    );
  });
});
