import { describe, expect, it } from 'vitest';
import { parseChatRequest } from '../../../../core/contract/chat.ts';

const valid = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

describe('parseChatRequest', () => {
  it.each([
    ['no model', { messages: valid.messages }, 'model'],
    ['a model that is too long', { ...valid, model: 'x'.repeat(129) }, 'model'],
    ['no messages', { model: 'm' }, 'messages'],
    ['an empty list of messages', { ...valid, messages: [] }, 'messages'],
    ['an unknown role', { ...valid, messages: [{ role: 'king' }] }, 'messages.0.role'],
    ['max_tokens below 1', { ...valid, max_tokens: 0 }, 'max_tokens'],
    ['max_tokens beyond any model', { ...valid, max_tokens: 1e9 }, 'max_tokens'],
    ['a thousand choices', { ...valid, n: 1000 }, 'n'],
    ['a temperature of 3', { ...valid, temperature: 3 }, 'temperature'],
    ['a stream flag in quotes', { ...valid, stream: 'true' }, 'stream'],
  ])('refuses %s and names the field', (_, body, param) => {
    expect(parseChatRequest(body)).toMatchObject({
      code: 'invalid_parameter',
      options: { param },
    });
  });

  it.each([
    ['messages', '0', { messages: 'LIST' }, 'messages.0'],
    ['parts', '{}', { messages: [{ role: 'user', content: 'LIST' }] }, 'messages.0.content.0.type'],
    ['stops', '1', { ...valid, stop: 'LIST' }, 'stop.0'],
  ])('refuses a million wrong %s by the first one', (_, item, body, param) => {
    const list = `[${`${item},`.repeat(1_000_000)}${item}]`;
    const text = JSON.stringify({ model: 'm', ...body }).replace('"LIST"', list);
    const heapBefore = process.memoryUsage().heapUsed;
    expect(parseChatRequest(JSON.parse(text))).toMatchObject({ options: { param } });
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(200_000_000);
  });

  it('passes what it does not know unchanged', () => {
    const body = {
      ...valid,
      top_k: 5,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: {} }] }],
      tools: [{ type: 'function', function: { name: 'f', strict: true } }],
    };
    expect(parseChatRequest(body)).toEqual(body);
  });
});
