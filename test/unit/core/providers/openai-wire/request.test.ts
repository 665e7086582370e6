import { describe, expect, it } from 'vitest';
import { toLocalBody } from '../../../../../core/providers/local/request.ts';
import { toChatBody } from '../../../../../core/providers/openai-wire/request.ts';

const wire = {
  model: 'alias',
  messages: [{ role: 'developer' as const, content: 'Be brief.', cache_control: { type: 'x' } }],
  max_completion_tokens: 7,
  stream: false,
  stream_options: { include_obfuscation: false },
  top_k: 3,
  mcpContext: { tools: 'auto' },
};
const request = {
  model: 'real',
  messages: wire.messages,
  temperature: undefined,
  maxTokens: 7,
  wire,
};

describe('toChatBody', () => {
  it('changes the model and asks for a stream with usage; all else goes as it came', () => {
    const { mcpContext: _, ...rest } = wire;
    expect(toChatBody(request)).toEqual({
      ...rest,
      model: 'real',
      stream: true,
      stream_options: { include_obfuscation: false, include_usage: true },
    });
  });
});

describe('the bound of the gateway', () => {
  const { max_completion_tokens: _, ...unbounded } = wire;
  it.each([
    ['mistral-large', 'max_tokens'],
    ['gpt-3.5-turbo', 'max_tokens'],
    ['gpt-5-mini', 'max_completion_tokens'],
    ['o3', 'max_completion_tokens'],
  ])('is told to %s as %s', (model, name) => {
    expect(toChatBody({ ...request, model, wire: unbounded })).toMatchObject({ [name]: 7 });
  });
});

describe('toLocalBody', () => {
  it('uses the names that older servers know', () => {
    const body = toLocalBody(request);
    expect(body).toMatchObject({
      max_tokens: 7,
      messages: [{ role: 'system', content: 'Be brief.', cache_control: { type: 'x' } }],
    });
    expect(body).not.toHaveProperty('max_completion_tokens');
  });
});
