import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bedrockAt,
  begin,
  callOf,
  MODEL,
  NOW,
  requestOf,
  said,
  serveBedrock,
  stop,
  textOf,
  whole,
} from '../../../support/bedrock-adapter.ts';
import { events, httpError } from '../../../support/bedrock-server.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/bedrock/${name}`, import.meta.url), 'utf8');
const framesOf = (name: string) =>
  events(
    fixture(`${name}.events.jsonl`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );

describe('an answer', () => {
  it.each(['text', 'reasoning', 'tools'])(
    '%s arrives whole, in chunks of any size',
    async (name) => {
      const frames = framesOf(name);
      for (const chunkBytes of [undefined, 1, 50]) {
        const { adapter } = await serveBedrock(() => ({
          body: frames,
          ...(chunkBytes && { chunkBytes }),
        }));
        const { wire } = await adapter.generateCompletion(requestOf(), callOf());
        const completion = JSON.parse(fixture(`${name}.completion.json`));
        const envelope = { id: 'chatcmpl-request-1', model: MODEL, created: NOW / 1000 };
        const usage = { ...completion.usage, cost: expect.any(Number) };
        expect(wire).toEqual({ ...completion, ...envelope, usage });
      }
    },
  );

  it('carries its usage, its price and who gave it', async () => {
    const { adapter } = await serveBedrock(() => ({ body: framesOf('tools') }));
    await expect(adapter.generateCompletion(requestOf(), callOf())).resolves.toMatchObject({
      id: 'chatcmpl-request-1',
      provider: 'bedrock',
      model: MODEL,
      cost: { microUsd: 195, status: 'exact' },
      latency: 0,
      choices: [{ index: 0, finishReason: 'tool_calls' }],
    });
  });

  it('without usage is whole, and counted by the gateway', async () => {
    const { adapter } = await serveBedrock(() => ({ body: [begin, said, stop] }));
    const { usage, cost, choices } = await adapter.generateCompletion(requestOf(), callOf());
    expect({ usage, cost, text: choices[0]?.message.content }).toEqual({
      usage: { usage: { uncachedInput: 5, output: 1 }, status: 'estimated' },
      cost: { microUsd: 6, status: 'estimated' },
      text: 'Hello',
    });
  });

  it('of a model whose tools cannot stream comes from Converse, and is streamed all the same', async () => {
    const { adapter, server } = await serveBedrock(() => ({ body: fixture('tools.answer.json') }));
    const tools = [{ type: 'function', function: { name: 'list_stores' } }];
    const request = requestOf({ tools }, 'us.meta.llama4-scout-17b-instruct-v1:0');
    expect(adapter.isUnstreamed?.(request)).toBe(true);
    expect(adapter.isUnstreamed?.(requestOf({}, request.model))).toBe(false);
    await expect(textOf(adapter.streamCompletion(request, callOf()))).resolves.toBe('Let me look.');
    expect(server.calls.map(({ operation }) => operation)).toEqual(['converse']);
  });

  it('is passed on fragment by fragment, not when it is whole', async () => {
    const { adapter } = await serveBedrock(() => ({ body: [begin, said], ending: 'stall' }));
    for await (const { choices } of adapter.streamCompletion(requestOf(), callOf())) {
      if (choices[0]?.delta.content) return;
    }
    expect.unreachable('the fragment never came');
  });

  it('is finished with its usage, though the connection stays open', async () => {
    const { adapter } = await serveBedrock(() => ({ body: whole, ending: 'stall' }));
    await expect(textOf(adapter.streamCompletion(requestOf(), callOf()))).resolves.toBe('Hello');
  });

  it('leaves its connection to the next call', async () => {
    const { adapter, server } = await serveBedrock(() => ({ body: whole }));
    await adapter.generateCompletion(requestOf(), callOf());
    await adapter.generateCompletion(requestOf(), callOf());
    expect(server.connections()).toBe(1);
  });
});

describe('a request', () => {
  it('names the model in the path, carries the key and nothing of the caller', async () => {
    const { adapter, server } = await serveBedrock(() => ({ body: whole }));
    const arn =
      'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6';
    await adapter.generateCompletion(requestOf({ user: 'u' }, arn), callOf());
    const [call] = server.calls;
    expect(call).toMatchObject({ operation: 'converse-stream', model: arn });
    expect(call?.headers.authorization).toBe('Bearer bedrock-key');
    expect(call?.body).toEqual({
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
      inferenceConfig: {},
    });
  });

  it('that Converse cannot do is refused before it is sent', async () => {
    const { adapter, server } = await serveBedrock(() => ({ body: whole }));
    await expect(adapter.generateCompletion(requestOf({ n: 2 }), callOf())).rejects.toMatchObject({
      reason: 'unsupported',
      details: { param: 'n' },
    });
    expect(server.calls).toEqual([]);
  });
});

describe('the adapter', () => {
  it('lists the models it was given, and estimates as it was told', async () => {
    const adapter = bedrockAt('http://127.0.0.1:9');
    await expect(adapter.listModels()).resolves.toEqual([{ id: MODEL }]);
    expect(adapter.estimateCost(requestOf())).toMatchObject({ microUsd: 7 });
  });

  it.each([
    ['an answer', { body: { asyncInvokeSummaries: [] } }, true],
    ['a refusal', httpError(403, 'AccessDeniedException'), true],
    ['an outage', httpError(503, 'ServiceUnavailableException'), false],
    ['a broken connection', 'drop', false],
  ] as const)('%s to its probe makes it available: %s', async (_, reply, available) => {
    const { adapter } = await serveBedrock(() => reply);
    await expect(adapter.isAvailable()).resolves.toBe(available);
  });
});
