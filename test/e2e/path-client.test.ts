import { request as httpRequest } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  endAll,
  type LocalStack,
  startLocalStack,
  temporaryFolder,
} from '../support/local-stack.ts';

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

let stack: LocalStack;
let client: OpenAI;
let model: string;
beforeAll(async () => {
  stack = await startLocalStack({ folder: await temporaryFolder() });
  client = clientWith(stack.apiKey);
  model = (await client.models.list()).data[0]?.id ?? '';
});
afterAll(endAll);

const clientWith = (apiKey: string) =>
  new OpenAI({ baseURL: stack.baseUrl, apiKey, maxRetries: 0 });

const say = (content: string): Messages => [{ role: 'user', content }];

async function readStream(messages: Messages, from = client) {
  const stream = await from.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return {
    chunks,
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    usage: chunks.at(-1)?.usage,
  };
}

/** What the client throws. */
async function refusal(promise: Promise<unknown>): Promise<APIError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof APIError) return error;
  throw new Error('The request was not refused.');
}

describe('the official openai client', () => {
  it('lists the models, and each of them by its id', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['demo/demo-shop-assistant', 'demo/demo-embedding']);
    expect((await client.models.retrieve(model)).id).toBe(model);
  });

  it('gets the same answer whole, then from the cache, then from the cache as a stream', async () => {
    const messages = say('Which headphones do you have under 200?');
    const ask = () => client.chat.completions.create({ model, messages }).withResponse();
    const miss = await ask();
    await expect
      .poll(async () => (await ask()).response.headers.get('x-gateway-cache'))
      .toBe('HIT');
    const hit = await ask();
    expect(miss.response.headers.get('x-gateway-cache')).toBe('MISS');
    expect(miss.data.choices[0]?.message.content).toMatch(/\w+ \w+/);
    expect(miss.data.usage?.total_tokens).toBeGreaterThan(0);
    expect(hit.response.headers.get('x-gateway-cache')).toBe('HIT');
    expect(hit.data.choices).toEqual(miss.data.choices);
    expect(hit.data.usage).toMatchObject({ cost: 0, total_tokens: miss.data.usage?.total_tokens });
    const streamed = await readStream(messages);
    expect(streamed.text).toBe(miss.data.choices[0]?.message.content);
    expect(streamed.usage?.total_tokens).toBe(miss.data.usage?.total_tokens);
  });

  it('streams a new answer in pieces, with its usage and cost at the end', async () => {
    const { chunks, text, usage } = await readStream(say('Tell me about coffee machines.'));
    expect(chunks.length).toBeGreaterThan(5);
    expect(text).toContain('coffee');
    expect(usage).toMatchObject({ total_tokens: expect.any(Number), cost: expect.any(Number) });
  });

  it('gets a tool call, runs it over MCP, and its result comes back in the answer', async () => {
    const mcp = new Client({ name: 'test', version: '1' });
    await mcp.connect(
      new StreamableHTTPClientTransport(new URL(stack.mcpUrl), {
        requestInit: { headers: { authorization: `Bearer ${stack.apiKey}` } },
      }),
    );
    const { tools } = await mcp.listTools();
    const { name = '', description = '', inputSchema } = tools[0] ?? {};
    expect(name).toBe('product_search');

    const messages = say('Which headphones do you have under 200 dollars?');
    const toolbox: OpenAI.Chat.ChatCompletionTool[] = [
      { type: 'function', function: { name, description, parameters: { ...inputSchema } } },
    ];
    const asked = await client.chat.completions.create({ model, messages, tools: toolbox });
    const message = asked.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (!message || call?.type !== 'function') throw new Error('No tool was called.');
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');

    const result = await mcp.callTool({ name, arguments: JSON.parse(call.function.arguments) });
    await mcp.close();
    const content = z.array(z.object({ text: z.string() })).parse(result.content)[0]?.text ?? '';
    const found = z
      .object({ products: z.array(z.looseObject({ title: z.string() })).min(1) })
      .parse(result.structuredContent);

    const told = await client.chat.completions.create({
      model,
      tools: toolbox,
      messages: [...messages, message, { role: 'tool', tool_call_id: call.id, content }],
    });
    expect(told.choices[0]?.finish_reason).toBe('stop');
    expect(told.choices[0]?.message.content).toContain(found.products[0]?.title);
  });

  it.each([
    [
      'a wrong key',
      () => clientWith('gw_no').models.list(),
      401,
      'invalid_api_key',
      'AUTHENTICATION_ERROR',
    ],
    [
      'an unknown model',
      () => client.chat.completions.create({ model: 'no/such', messages: say('Hi') }),
      404,
      'model_not_found',
      'INVALID_REQUEST',
    ],
    [
      'a request without messages',
      () =>
        client.chat.completions.create({
          model,
        } as OpenAI.Chat.ChatCompletionCreateParamsNonStreaming),
      400,
      'invalid_parameter',
      'INVALID_REQUEST',
    ],
  ])('understands the refusal of %s', async (_, ask, status, code, type) => {
    expect(await refusal(ask())).toMatchObject({ status, code, error: { type } });
  });
});

describe('an answer of the demonstration model', () => {
  it('arrives piece by piece, the first long before the last', async () => {
    const body = JSON.stringify({ model, stream: true, messages: say('Speak slowly, please.') });
    const arrivals = await new Promise<number[]>((resolve, reject) => {
      const times: number[] = [];
      const headers = {
        authorization: `Bearer ${stack.apiKey}`,
        'content-type': 'application/json',
      };
      const url = `${stack.baseUrl}/chat/completions`;
      httpRequest(url, { method: 'POST', headers }, (answer) => {
        answer.on('data', () => times.push(performance.now()));
        answer.on('end', () => resolve(times));
      })
        .on('error', reject)
        .end(body);
    });
    expect(arrivals.length).toBeGreaterThanOrEqual(5);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(150);
  });
});

const pageSchema = z.object({
  data: z.array(z.looseObject({ requestId: z.string(), outcome: z.string() })),
  cursor: z.string().nullable(),
});
const newKeySchema = z.object({ id: z.string(), key: z.string() });

async function newKey(fields: object = {}) {
  return newKeySchema.parse(await stack.admin('/keys', { name: 'one', tenant: 'acme', ...fields }));
}

async function page(query: string) {
  return pageSchema.parse(await stack.admin(`/requests?${query}`));
}

describe('the operator', () => {
  it('finds one row for each request, whoever answered it, and none twice', async () => {
    const { id, key } = await newKey();
    const by = clientWith(key);
    const messages = say('How many rows will there be?');
    for (let i = 0; i < 3; i++) await by.chat.completions.create({ model, messages });
    await readStream(say('And this one?'), by);
    await refusal(by.chat.completions.create({ model: 'no/such', messages }));

    const rows = async () => (await page(`keyId=${id}`)).data;
    await expect
      .poll(async () => (await rows()).map(({ outcome }) => outcome), { timeout: 15_000 })
      .toEqual(['rejected', 'success', 'success', 'success', 'success']);
    const [rejected, streamed, hit, , miss] = await rows();
    expect(rejected).toMatchObject({
      success: false,
      httpStatus: 404,
      errorCode: 'model_not_found',
    });
    expect(streamed).toMatchObject({
      stream: true,
      cache: 'MISS',
      provider: 'demo',
      success: true,
    });
    expect(hit).toMatchObject({ cache: 'HIT', cost: 0, tokens: miss?.tokens });
    expect(hit?.savedMicroUsd).toBe(miss?.costMicroUsd);
    expect(miss).toMatchObject({ cache: 'MISS', provider: 'demo', model, keyId: id });
    expect(miss?.costMicroUsd).toBeGreaterThan(0);
  });

  it('reads the log page by page: every row once, newest first', async () => {
    const { id, key } = await newKey();
    const by = clientWith(key);
    const sent: string[] = [];
    for (const content of ['one', 'two', 'three', 'four', 'five']) {
      const { response } = await by.chat.completions
        .create({ model, messages: say(content), max_tokens: 5 })
        .withResponse();
      sent.unshift(response.headers.get('x-request-id') ?? '');
    }
    await expect.poll(async () => (await page(`keyId=${id}`)).data.length).toBe(sent.length);
    const read: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next = await page(`keyId=${id}&limit=2${cursor && `&cursor=${cursor}`}`);
      read.push(...next.data.map(({ requestId }) => requestId));
      cursor = next.cursor;
    }
    expect(read).toEqual(sent);
  });

  it('makes a key that works at once, within its own limits', async () => {
    const { key } = await newKey({ limits: { requestsPerMinute: 3 } });
    const models = () => stack.request('/v1/models', {}, key);
    for (const remaining of ['2', '1', '0']) {
      const answer = await models();
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('3');
      expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe(remaining);
    }
    const refused = await models();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(await refused.json()).toMatchObject({
      error: { code: 'rate_limited', details: { limit: 'requestsPerMinute' } },
    });
  });

  it('alone reads the log and makes keys', async () => {
    for (const answer of [
      await stack.request('/admin/requests'),
      await stack.post('/admin/keys', { name: 'mine', tenant: 'acme', scopes: ['admin'] }),
    ]) {
      expect([answer.status, (await answer.json()).error.code]).toEqual([403, 'forbidden']);
    }
  });
});
