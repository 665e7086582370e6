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
