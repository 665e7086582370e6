import OpenAI from 'openai';
import type { RunnableToolFunctionWithoutParse } from 'openai/lib/RunnableFunction';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoModel } from '../../../infra/local/demo-model/server.ts';

let server: Awaited<ReturnType<typeof startDemoModel>>;
let client: OpenAI;
beforeAll(async () => {
  server = await startDemoModel();
  client = new OpenAI({ baseURL: server.baseUrl, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => server.close());

const model = 'demo-shop-assistant';
const messages = [{ role: 'user', content: 'Which headphones do you have under 200?' }] as const;
const products = [
  {
    id: '1',
    title: 'Quiet One',
    price: { amount: 14_900, currency: 'USD' },
    availability: 'in_stock',
  },
];

describe('the official client against the demonstration model', () => {
  it('reads in the model list that neither model is a language model', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['demo-shop-assistant', 'demo-embedding']);
    for (const listed of data) {
      expect(listed).toHaveProperty('description', expect.stringContaining('not a language model'));
    }
  });

  it('gets the same answer to the same request, with its usage', async () => {
    const first = await client.chat.completions.create({ model, messages: [...messages] });
    const second = await client.chat.completions.create({ model, messages: [...messages] });
    expect(second).toEqual({ ...first, created: second.created });
    expect(first.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('headphones') },
    });
    expect(first.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('streams the same answer in pieces, with its usage', async () => {
    const whole = await client.chat.completions.create({ model, messages: [...messages] });
    const stream = client.chat.completions.stream({
      model,
      messages: [...messages],
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    stream.on('content', (piece) => pieces.push(piece));
    const streamed = await stream.finalChatCompletion();
    expect(pieces.length).toBeGreaterThan(20);
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.usage).toEqual(whole.usage);
  });

  it.each(['whole', 'streamed'])('answers from a tool that it called: %s', async (how) => {
    const searches: string[] = [];
    const productSearch: RunnableToolFunctionWithoutParse = {
      type: 'function',
      function: {
        name: 'product_search',
        description: 'Searches the shop.',
        parameters: {
          type: 'object',
          properties: { query: { type: 'string' }, max_price: { type: 'integer' } },
        },
        function: (search: string) => {
          searches.push(search);
          return JSON.stringify({ products });
        },
      },
    };
    const body = { model, messages: [...messages], tools: [productSearch] };
    const runner =
      how === 'whole'
        ? client.chat.completions.runTools(body)
        : client.chat.completions.runTools({ ...body, stream: true });
    expect(await runner.finalContent()).toContain('Quiet One: $149.00, in stock');
    expect(searches).toEqual(['{"query":"headphones","max_price":20000}']);
  });

  it.each(['float', 'base64'] as const)('gets the same vector as %s', async (encoding_format) => {
    const request = { model: 'demo-embedding', input: ['wireless headphones'] };
    const asked = await client.embeddings.create({ ...request, encoding_format });
    const [byDefault] = (await client.embeddings.create(request)).data;
    const [embedding] = asked.data;
    const numbers =
      typeof embedding?.embedding === 'string'
        ? [...new Float32Array(Uint8Array.from(Buffer.from(embedding.embedding, 'base64')).buffer)]
        : embedding?.embedding;
    expect(numbers).toHaveLength(256);
    expect(numbers?.[0]).toBeCloseTo(byDefault?.embedding[0] ?? Number.NaN, 6);
  });
});

describe('a request that the demonstration model refuses', () => {
  const chat = { model, messages };

  it.each([
    ['an unknown model', '/chat/completions', { ...chat, model: 'gpt-5' }, 404, 'model_not_found'],
    ['the chat model for embeddings', '/embeddings', { model, input: 'x' }, 404, 'model_not_found'],
    ['no messages', '/chat/completions', { model }, 400, 'invalid_parameter'],
    [
      'too many dimensions',
      '/embeddings',
      { model: 'demo-embedding', input: 'x', dimensions: 1e6 },
      400,
      'invalid_parameter',
    ],
    ['no object', '/chat/completions', 'x', 400, 'invalid_json'],
    ['an unknown path', '/responses', chat, 404, 'route_not_found'],
  ])('%s', async (_, path, body, status, code) => {
    const response = await fetch(`${server.baseUrl}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', code, message: expect.any(String) },
    });
  });

  it('is an error that the official client understands', async () => {
    await expect(
      client.chat.completions.create({ model: 'gpt-5', messages: [...messages] }),
    ).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  });
});
