import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../../../core/contract/chat.ts';
import { answer } from '../../../../../infra/local/demo-model/answer.ts';

const MODEL = 'demo-shop-assistant';
const question = { role: 'user', content: 'Which headphones do you have under 200?' } as const;

const tool = (
  name: string,
  properties: object = { query: { type: 'string' } },
  required: string[] = [],
) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties, required } },
});
const ask = (rest: Partial<ChatRequest>): ChatRequest => ({
  model: MODEL,
  messages: [question],
  ...rest,
});
const withResults = (...results: unknown[]): ChatRequest =>
  ask({
    tools: [tool('product_search')],
    messages: [
      question,
      { role: 'assistant', content: null, tool_calls: [] },
      ...results.map((result) => ({
        role: 'tool' as const,
        tool_call_id: 'call_1',
        content: typeof result === 'string' ? result : JSON.stringify(result),
      })),
    ],
  });
const textOf = (request: ChatRequest): string => {
  const given = answer(request);
  return 'text' in given ? given.text : 'a tool call';
};

describe('which tool is called', () => {
  const weather = tool('weather', { city: { type: 'string' } }, ['city']);
  it.each([
    [
      'the product search among others',
      { tools: [weather, tool('product_search')] },
      'product_search',
    ],
    ['UCP’s search', { tools: [tool('web_search'), tool('search_catalog')] }, 'search_catalog'],
    [
      'any search, if there is no better',
      { tools: [weather, tool('shop__search')] },
      'shop__search',
    ],
    ['the first one, if one is required', { tools: [weather], tool_choice: 'required' }, 'weather'],
    [
      'the one that is named',
      {
        tools: [tool('product_search'), weather],
        tool_choice: { type: 'function', function: { name: 'weather' } },
      },
      'weather',
    ],
    ['none, if none looks like a search', { tools: [weather] }, undefined],
    [
      'none, if none may be called',
      { tools: [tool('product_search')], tool_choice: 'none' },
      undefined,
    ],
    ['none, if there are none', {}, undefined],
  ])('%s', (_, request, name) => {
    const given = answer(ask(request));
    expect('toolCalls' in given ? given.toolCalls[0]?.name : undefined).toBe(name);
  });
});

describe('the arguments of a tool call', () => {
  const UCP = {
    meta: { type: 'object', properties: { 'ucp-agent': { type: 'object' } } },
    catalog: {
      type: 'object',
      properties: {
        query: { type: 'string' },
        filters: {
          type: 'object',
          properties: {
            price: {
              type: 'object',
              properties: { min: { type: 'integer' }, max: { type: 'integer' } },
            },
          },
        },
        pagination: { type: 'object', properties: { limit: { type: 'integer' } } },
      },
    },
  };
  it.each([
    ['only what is declared', question.content, {}, [], {}],
    [
      'the words that matter',
      question.content,
      { query: { type: 'string' }, limit: { type: 'integer' } },
      [],
      { query: 'headphones' },
    ],
    [
      'bounds in minor units where whole numbers are wanted',
      'shoes between 50 and 80 euros',
      { query: { type: 'string' }, min_price: { type: 'integer' }, price_max: { type: 'integer' } },
      [],
      { query: 'shoes', min_price: 5000, price_max: 8000 },
    ],
    [
      'bounds as they were said where fractions are allowed',
      'tea below $4.50',
      { maxPrice: { type: 'number' } },
      [],
      { maxPrice: 4.5 },
    ],
    [
      'the nested ones of UCP',
      question.content,
      UCP,
      [],
      { catalog: { query: 'headphones', filters: { price: { max: 20000 } } } },
    ],
    [
      'no words when the price says it all',
      'What do you have under 200?',
      { query: { type: 'string' }, max_price: { type: 'integer' } },
      [],
      { max_price: 20000 },
    ],
    [
      'the whole question when no word stands out',
      'What do you have?',
      { query: { type: 'string' } },
      [],
      { query: 'What do you have?' },
    ],
    [
      'something for each required one',
      'Coffee machines',
      { q: { type: 'string' }, sort: { enum: ['price', 'name'] }, limit: { type: 'integer' } },
      ['q', 'sort', 'limit'],
      { q: 'coffee machines', sort: 'price', limit: 0 },
    ],
  ])('%s', (_, content, properties, required, expected) => {
    const tools = [tool('product_search', properties, required)];
    expect(answer(ask({ tools, messages: [{ role: 'user', content }] }))).toEqual({
      toolCalls: [{ name: 'product_search', arguments: expected }],
    });
  });
});

describe('an answer from tool results', () => {
  const flat = {
    id: '1',
    title: 'Quiet One',
    price: { amount: 14_900, currency: 'USD' },
    availability: 'in_stock',
  };
  const ucp = {
    id: '2',
    title: 'Loud Two',
    price_range: {
      min: { amount: 1_299, currency: 'JPY' },
      max: { amount: 1_500, currency: 'JPY' },
    },
    variants: [{ availability: { available: false, status: 'out_of_stock' } }],
  };

  it.each([
    ['name, price and stock', { products: [flat] }, '- Quiet One: $149.00, in stock'],
    [
      'the lowest price of a range, in a currency without decimals',
      { products: [ucp] },
      '- Loud Two: from ¥1,299, out of stock',
    ],
    ['a single product', { product: flat }, '- Quiet One: $149.00, in stock'],
    [
      'a missing price as missing',
      { products: [{ title: 'Odd Three' }] },
      '- Odd Three: price not given',
    ],
    [
      'a malformed price as missing',
      { products: [{ title: 'Odd', price: { amount: '9', currency: 'x' } }] },
      '- Odd: price not given',
    ],
    [
      'availability without a status',
      { products: [{ ...flat, availability: { available: true } }] },
      '$149.00, available',
    ],
    [
      'lines that are not JSON, as they are',
      'Quiet One, 149 USD\n\nLoud Two, 90 USD',
      '- Quiet One, 149 USD\n- Loud Two, 90 USD',
    ],
    ['JSON that is no product, as it is', { celsius: 20 }, '- {"celsius":20}'],
    ['an honest nothing', { products: [] }, 'found nothing for “headphones”'],
    ['an honest nothing for an empty result', '', 'found nothing for “headphones”'],
  ])('tells %s', (_, result, expected) => {
    expect(textOf(withResults(result))).toContain(expected);
  });

  it('names five products and counts the others', () => {
    const products = Array.from({ length: 8 }, (_, index) => ({
      ...flat,
      title: `Model ${index}`,
    }));
    const text = textOf(withResults({ products }, 'ignored beside products'));
    expect(text.match(/^- /gm)).toHaveLength(5);
    expect(text).toContain('and 3 more.');
  });

  it('names no price that the results do not have', () => {
    const products = fc.array(
      fc.record({
        title: fc.constantFrom('Lamp', 'Kettle', 'x'.repeat(290)),
        price: fc.record({ amount: fc.nat(), currency: fc.constant('USD') }),
      }),
    );
    fc.assert(
      fc.property(products, (found) => {
        const prices = textOf(withResults({ products: found })).match(/\$[\d,.]*\d/g) ?? [];
        const cents = prices.map((price) => Math.round(Number(price.replace(/[$,]/g, '')) * 100));
        expect(found.map(({ price }) => price.amount)).toEqual(expect.arrayContaining(cents));
      }),
    );
  });

  it('belongs to the last question: an earlier result does not answer the next one', () => {
    const first = withResults({ products: [flat] });
    const next = {
      ...first,
      messages: [...first.messages, { role: 'user', content: 'And kettles?' } as const],
    };
    expect(answer(next)).toEqual({
      toolCalls: [{ name: 'product_search', arguments: { query: 'kettles' } }],
    });
  });
});

describe('an answer without tools', () => {
  it('says what the model is, what it understood and how to get more', () => {
    const text = textOf(ask({}));
    for (const part of [
      'not a language model',
      'ask about: headphones',
      'send a tool',
      'OPENAI_API_KEY',
      'AWS_REGION',
      'LOCAL_MODEL_BASE_URL',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('mcpContext');
  });

  it('reads the text of a message in parts', () => {
    const content = [{ type: 'image_url' }, { type: 'text', text: 'A red kettle?' }];
    expect(textOf(ask({ messages: [{ role: 'user', content }] }))).toContain('red, kettle');
  });

  it('is JSON when JSON is asked for', () => {
    expect(JSON.parse(textOf(ask({ response_format: { type: 'json_object' } })))).toHaveProperty(
      'answer',
    );
  });

  it('has the shape that is asked for', () => {
    const schema = {
      type: 'object',
      properties: { colour: { enum: ['red'] } },
      required: ['colour'],
    };
    const format = { type: 'json_schema', json_schema: { name: 'item', schema } };
    expect(textOf(ask({ response_format: format }))).toBe('{"colour":"red"}');
  });
});
