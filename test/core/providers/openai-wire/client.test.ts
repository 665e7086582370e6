import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createUpstreamFetch } from '../../../../core/http/upstream-fetch.ts';
import { createOpenAiWire } from '../../../../core/providers/openai-wire/client.ts';
import { listenOnLoopback } from '../../../../infra/local/listen.ts';
import { callOf, requestOf, textOf } from '../../../support/bedrock-adapter.ts';
import { delta, finish, sse, usage } from '../../../support/raw-provider.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function serve(answer: RequestListener) {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  const origin = await listenOnLoopback(server);
  cleanUps.push(() => {
    server.close();
    server.closeAllConnections();
    return once(server, 'close');
  });
  const wire = createOpenAiWire({
    baseUrl: `${origin}/v1`,
    apiKey: undefined,
    fetch: createUpstreamFetch({ connectTimeoutMs: 1_000 }),
    now: Date.now,
  });
  return {
    chunks: () => wire.streamChat({ model: 'up' }, requestOf(), callOf()),
    connections: () => connections,
  };
}

/** Answers "Hello" on connections that stay open; `end` comes after its last words. */
async function serveHello(
  end: (response: ServerResponse) => unknown,
  lastWords: string = sse('[DONE]'),
) {
  const { chunks, connections } = await serve((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.write(delta('Hello') + finish() + lastWords);
    end(response);
  });
  return { ask: () => textOf(chunks()), connections };
}

describe('a stream that is whole', () => {
  it('leaves its connection to the next calls, though its end comes later', async () => {
    const { ask, connections } = await serveHello((response) => turn().then(() => response.end()));
    for (const _ of Array(10)) expect(await ask()).toBe('Hello');
    // A connection is free only a moment after its answer's end.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('does not wait for a server that never ends it', async () => {
    const { ask } = await serveHello(() => {});
    expect(await ask()).toBe('Hello');
  });

  it('does not wait for the [DONE] of a server that has counted its tokens', async () => {
    const { ask } = await serveHello(() => {}, usage(1, 1));
    expect(await ask()).toBe('Hello');
  });
});

describe('an answer in one piece', () => {
  it('is told in chunks whose tool calls are numbered, its finish at the end', async () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '' } });
    const { chunks } = await serve((_, response) => {
      const message = { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }));
    });
    const tool_calls = ['a', 'b'].map((id, index) => ({ index, ...call(id) }));
    expect(await Array.fromAsync(chunks())).toMatchObject([
      { choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ]);
  });

  it('without a finish is not taken for whole', async () => {
    const { chunks } = await serve((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ message: { content: 'half' } }] }));
    });
    await expect(textOf(chunks())).rejects.toMatchObject({ reason: 'interrupted' });
  });
});

describe('a refusal', () => {
  it.each([
    ['that never ends', 401, '{"error":{"code":"invalid_api_key"', 'auth'],
    ['that says nothing', 429, '', 'rate-limited'],
  ])('%s is known by its status', async (_, status, beginning, reason) => {
    const { chunks } = await serve((__, response) => {
      response.writeHead(status, { 'content-length': 1_000 });
      response.write(beginning);
    });
    await expect(textOf(chunks())).rejects.toMatchObject({ reason, details: { status } });
  });

  it.each(['identity', 'gzip'])('of any length (%s) is left at its beginning', async (encoding) => {
    const left = Promise.withResolvers<void>();
    const { chunks } = await serve((_, response) => {
      response.writeHead(400, { 'content-encoding': encoding });
      const source = encoding === 'gzip' ? createGzip() : response;
      if (source !== response) source.pipe(response);
      const pump = () => void (response.destroyed || source.write('a'.repeat(65_536), pump));
      pump();
      response.on('close', () => left.resolve());
    });
    await expect(textOf(chunks())).rejects.toMatchObject({ reason: 'invalid-request' });
    await left.promise;
  });

  it('in prose says how long to wait', async () => {
    const { chunks } = await serve((_, response) => {
      response.writeHead(429, { 'content-type': 'text/plain' });
      response.end('Too many requests: please try again in 7 seconds.');
    });
    await expect(textOf(chunks())).rejects.toMatchObject({ details: { retryAfterMs: 7_000 } });
  });
});
