import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../../core/contract/chat.ts';
import { complete, toChunks } from '../../../../../infra/local/demo-model/completion.ts';

const identity = { id: 'chatcmpl-1', created: 1_700_000_000 };
const request: ChatRequest = {
  model: 'demo-shop-assistant',
  messages: [{ role: 'user', content: 'Hello 👋 headphones' }],
};
const search = {
  type: 'function',
  function: { name: 'product_search', parameters: { properties: { query: {} } } },
};
const first = (changes: Partial<ChatRequest>) => {
  const [choice] = complete({ ...request, ...changes }, identity).choices;
  return { text: choice?.message.content, reason: choice?.finish_reason };
};
const whole = String(first({}).text);

describe('limits of an answer', () => {
  it.each([
    ['max_tokens counts four characters a token', { max_tokens: 2 }, whole.slice(0, 8), 'length'],
    [
      'max_completion_tokens wins',
      { max_tokens: 9, max_completion_tokens: 1 },
      whole.slice(0, 4),
      'length',
    ],
    ['a limit above the answer changes nothing', { max_tokens: 1000 }, whole, 'stop'],
    [
      'a stop sequence ends the text before it',
      { stop: ['model', ' demonstration'] },
      "I am the gateway's",
      'stop',
    ],
    ['a stop sequence that does not occur changes nothing', { stop: 'kettle' }, whole, 'stop'],
  ])('%s', (_, changes, text, reason) => {
    expect(first(changes)).toEqual({ text, reason });
  });
});

describe('the usage of an answer', () => {
  it('counts what was asked and every choice, four characters a token', () => {
    const { usage } = complete({ ...request, n: 3, max_tokens: 5 }, identity);
    expect(usage).toEqual({ prompt_tokens: 5, completion_tokens: 15, total_tokens: 20 });
  });

  it('counts the definitions of tools', () => {
    const { usage } = complete({ ...request, tools: [search] }, identity);
    expect(usage.prompt_tokens).toBe(5 + Math.ceil(JSON.stringify([search]).length / 4));
  });
});

describe('the stream of an answer', () => {
  it('has the text of every choice, and its end', () => {
    const completion = complete({ ...request, n: 2 }, identity);
    const seen = [...toChunks(completion, false)].flatMap(({ choices }) => choices);
    for (const { index, message, finish_reason } of completion.choices) {
      const own = seen.filter((choice) => choice.index === index);
      expect(own.map(({ delta }) => delta.content ?? '').join('')).toBe(message.content);
      expect(own.at(-1)).toMatchObject({ delta: {}, finish_reason });
    }
  });

  it('has the whole arguments of a tool call, in fragments', () => {
    const completion = complete({ ...request, tools: [search] }, identity);
    const calls = [...toChunks(completion, false)].flatMap(
      ({ choices: [choice] }) => choice?.delta.tool_calls ?? [],
    );
    const [called] = completion.choices[0]?.message.tool_calls ?? [];
    expect(calls.length).toBeGreaterThan(2);
    expect(calls[0]).toMatchObject({ index: 0, id: called?.id, type: 'function' });
    expect(calls.map((call) => call.function?.arguments).join('')).toBe(called?.function.arguments);
  });

  it('begins with the role and brings the text word by word', () => {
    const deltas = [...toChunks(complete({ ...request, max_tokens: 3 }, identity), false)].map(
      ({ choices: [choice] }) => choice?.delta,
    );
    expect(deltas).toEqual([
      { role: 'assistant', content: '' },
      { content: 'I' },
      { content: ' am' },
      { content: ' the' },
      { content: ' gat' },
      {},
    ]);
  });

  it('tells the usage only to who asked for it', () => {
    const completion = complete(request, identity);
    expect([...toChunks(completion, false)].some((chunk) => 'usage' in chunk)).toBe(false);
    expect([...toChunks(completion, true)].at(-1)).toMatchObject({
      choices: [],
      usage: completion.usage,
    });
  });
});
