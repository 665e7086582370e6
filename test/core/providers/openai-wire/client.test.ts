import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createUpstreamFetch } from '../../../../core/http/upstream-fetch.ts';
import { createOpenAiWire } from '../../../../core/providers/openai-wire/client.ts';
import { listenOnLoopback } from '../../../../infra/local/listen.ts';
import { callOf, requestOf, textOf } from '../../../support/bedrock-adapter.ts';
import { delta, finish, sse } from '../../../support/raw-provider.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Answers "Hello" on connections that stay open; `end` comes after `[DONE]`. */
async function serveHello(end: (response: ServerResponse) => unknown) {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    response.write(delta('Hello') + finish() + sse('[DONE]'));
    end(response);
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
    ask: () => textOf(wire.streamChat({ model: 'up' }, requestOf(), callOf())),
    connections: () => connections,
  };
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
});
