import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { streamEvents } from '../support/edge-answers.ts';
import { answerHello, sendJson } from '../support/edge-core-stub.ts';
import { ask, type EdgeStack, startEdgeStack } from '../support/edge-stack.ts';

let stack: EdgeStack;
let key: string;
beforeAll(async () => {
  stack = await startEdgeStack();
  key = await stack.issueKey();
});
afterEach(() => {
  stack.core.answer = answerHello;
});
afterAll(() => stack.close());

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** `fetch` lets nobody set `Host`. */
async function getModels(headers: Record<string, string>): Promise<void> {
  const sent = request(`${stack.url}/v1/models`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  sent.end();
  const [answer] = await once(sent, 'response');
  await text(answer);
}

/** What the log says about the request. */
const lineOf = ({ headers }: Response) =>
  stack.logs
    .map((line) => JSON.parse(line))
    .find(
      ({ event, requestId }) => event === 'request' && requestId === headers.get('x-request-id'),
    );

describe('the hop', () => {
  it('carries the principal of the key, signed, and nothing of the client’s own', async () => {
    const named = await stack.issueKey({ tenantId: 'shop', userId: 'bo', models: ['demo-model'] });
    await stack.chat(named, ask(), {
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
      'x-gateway-hop': 'forged',
      'cf-connecting-ip': '1.2.3.4',
      'x-request-id': 'client id/7',
      'x-gateway-metadata': '{"team":"a"}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    const { caller, headers, path } = stack.core.received.at(-1) ?? {};
    expect(caller).toMatchObject({
      kind: 'principal',
      principal: { tenantId: 'shop', userId: 'bo', models: ['demo-model'], policyVersion: 1 },
    });
    expect(path).toBe('/v1/chat/completions');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': expect.stringMatching(UUID_V7),
      'x-client-request-id': 'clientid/7',
      'x-gateway-metadata': '{"team":"a"}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    for (const name of ['authorization', 'cookie', 'x-forwarded-for', 'cf-connecting-ip']) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers?.['x-gateway-hop']).not.toBe('forged');
  });

  it.each([
    [{ 'x-gateway-cache': 'HIT' }, 'MISS'],
    [{ 'x-gateway-cache': 'HIT', 'cache-control': 'no-store' }, 'BYPASS'],
  ])('says what became of the cache, whatever the client claims (%j)', async (headers, cache) => {
    await stack.chat(key, ask(), headers);
    expect(stack.core.received.at(-1)?.headers['x-gateway-cache']).toBe(cache);
  });

  it('is signed once for the requests of a key', async () => {
    await stack.chat(key, ask());
    await stack.chat(key, ask());
    const [first, second] = stack.core.received.slice(-2).map(({ headers }) => headers);
    expect(first?.['x-gateway-hop']).toBe(second?.['x-gateway-hop']);
  });

  it('goes to the configured core, whatever a client names', async () => {
    const trap = createServer((_, response) => response.end());
    const trapUrl = await listenOnLoopback(trap);
    let trapped = 0;
    trap.on('connection', () => {
      trapped += 1;
    });
    const { host } = new URL(trapUrl);
    const before = stack.core.received.length;
    for (const name of ['forwarded', 'x-original-url', 'x-rewrite-url', 'x-core-url']) {
      await stack.chat(key, ask(), { [name]: trapUrl });
    }
    for (const name of ['x-forwarded-host', 'x-host', 'host']) await getModels({ [name]: host });
    expect(stack.core.received.length).toBe(before + 7);
    stack.core.answer = (_, response) => {
      response.writeHead(302, { location: trapUrl }).end();
    };
    const redirected = await stack.chat(key, ask());
    expect([redirected.status, (await redirected.json()).error.code]).toEqual([
      503,
      'core_unavailable',
    ]);
    expect(trapped).toBe(0);
    trap.close();
  });

  it.each([
    ['GET', '/v1/models', '/v1/models'],
    ['GET', '/v1/models/openai/gpt-5', '/v1/models/openai%2Fgpt-5'],
    ['GET', '/v1/models/openai%2Fgpt-5', '/v1/models/openai%2Fgpt-5'],
    ['GET', '/admin/requests?limit=5&cursor=a%2Bb', '/admin/requests?limit=5&cursor=a%2Bb'],
    ['DELETE', '/admin/keys/k1', '/admin/keys/k1'],
    ['POST', '/mcp', '/mcp'],
  ])('%s %s', async (method, path, received) => {
    await fetch(stack.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' }),
    });
    expect(stack.core.received.at(-1)).toMatchObject({ method, path: received });
  });
});

describe('the answer', () => {
  it('comes with the headers that are the client’s, and the edge’s own', async () => {
    stack.core.answer = (_, response) =>
      sendJson(
        response,
        200,
        { object: 'list' },
        {
          'set-cookie': 'a=b',
          'x-powered-by': 'core',
          'cache-control': 'public, max-age=9',
          'x-gateway-attempts': '2',
          'server-timing': 'core;dur=5',
          'x-ratelimit-remaining-tokens': '7',
          'x-gateway-degraded': 'log',
        },
      );
    const answer = await stack.chat(key, ask(), { 'x-request-id': 'mine' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': expect.stringMatching(UUID_V7),
      'x-client-request-id': 'mine',
      'cache-control': 'private, no-store',
      vary: 'Authorization',
      'x-gateway-attempts': '2',
      'x-gateway-cache': 'MISS',
      'cache-status': 'gateway-edge; fwd=miss',
      'server-timing': expect.stringMatching(/^core;dur=5, edge;dur=\d+$/),
      'x-ratelimit-remaining-tokens': '7',
      'x-gateway-degraded': 'log',
    });
    for (const name of ['set-cookie', 'x-powered-by']) expect(answer.headers.has(name)).toBe(false);
  });

  it('says how long the core took, if the core does not', async () => {
    const answer = await stack.chat(key, ask());
    expect(answer.headers.get('server-timing')).toMatch(/^core;dur=\d+, edge;dur=\d+$/);
    const alive = await fetch(`${stack.url}/healthz`);
    expect(alive.headers.get('server-timing')).toMatch(/^edge;dur=\d+$/);
  });

  it('may be an error of the core, passed on as it is', async () => {
    const error = { error: { code: 'model_not_found', message: 'No.' }, requestId: 'r' };
    stack.core.answer = (_, response) => sendJson(response, 404, error, { 'retry-after': '4' });
    const answer = await stack.chat(key, ask());
    expect([answer.status, await answer.json()]).toEqual([404, error]);
    expect(answer.headers.get('retry-after')).toBe('4');
  });

  it.each([
    ['refuses the hop', 401, 'application/json', '{"message":"Unauthorized"}'],
    ['is a page of its gateway', 502, 'text/html', '<h1>secret upstream</h1>'],
  ])('that %s is none of the core’s', async (_, status, type, body) => {
    stack.core.answer = (__, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const answer = await stack.chat(key, ask());
    const envelope = await answer.text();
    expect([answer.status, JSON.parse(envelope).error.code]).toEqual([503, 'core_unavailable']);
    expect(envelope).not.toContain('secret');
    await vi.waitFor(() =>
      expect(lineOf(answer)).toMatchObject({
        status: 503,
        code: 'core_unavailable',
        coreStatus: status,
      }),
    );
  });

  it('is 503 when the connection breaks before it begins', async () => {
    stack.core.answer = (_, response) => {
      response.destroy();
    };
    const answer = await stack.chat(key, ask());
    expect([answer.status, (await answer.json()).error.code]).toEqual([503, 'core_unavailable']);
  });
});

describe('a stream', () => {
  const [first = '', second = '', ...rest] = streamEvents('one two three');

  it.each([{}, { 'cache-control': 'no-store' }])(
    'passes chunk by chunk: each arrives before the next is sent (%j)',
    async (headers) => {
      const { promise: gotFirst, resolve: goOn } = Promise.withResolvers<void>();
      stack.core.answer = async (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(first);
        await gotFirst;
        response.end([second, ...rest, 'data: [DONE]\n\n'].join(''));
      };
      const answer = await stack.chat(key, ask({ stream: true }), headers);
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader?.read())?.value).toBe(first);
      goOn();
      let text = '';
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
        text += next.value;
      }
      expect(text).toBe([second, ...rest, 'data: [DONE]\n\n'].join(''));
    },
  );

  it.each([{}, { 'cache-control': 'no-store' }])(
    'ends at the core when its client leaves, and the core is told so (%j)',
    async (headers) => {
      const { promise: left, resolve } = Promise.withResolvers<void>();
      stack.core.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const timer = setInterval(() => response.write(first), 20);
        once(response, 'close').then(() => {
          clearInterval(timer);
          resolve();
        });
      };
      const leaving = new AbortController();
      const answer = await fetch(`${stack.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(ask({ stream: true })),
        signal: leaving.signal,
      });
      await answer.body?.getReader().read();
      leaving.abort();
      await left;
      await vi.waitFor(() =>
        expect(stack.core.cancelled).toContain(answer.headers.get('x-request-id')),
      );
    },
  );

  it('is not waited for by the request log line', async () => {
    const { promise: printed, resolve: goOn } = Promise.withResolvers<void>();
    stack.core.answer = async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(first);
      await printed;
      response.end('data: [DONE]\n\n');
    };
    const answer = await stack.chat(key, ask({ stream: true }));
    await vi.waitFor(() =>
      expect(lineOf(answer)).toMatchObject({ route: '/v1/chat/completions', status: 200 }),
    );
    goOn();
    expect(await answer.text()).toBe(`${first}data: [DONE]\n\n`);
  });
});

describe('without a core', () => {
  it('requests are 503, and the edge is not ready but alive', async () => {
    const lonely = await startEdgeStack({ CORE_URL: 'http://127.0.0.1:9' });
    try {
      const ready = await fetch(`${lonely.url}/readyz`);
      expect([ready.status, (await ready.json()).error.code]).toEqual([503, 'core_unavailable']);
      expect((await fetch(`${lonely.url}/healthz`)).status).toBe(200);
      const answer = await lonely.chat(await lonely.issueKey(), ask());
      expect([answer.status, (await answer.json()).error.code]).toEqual([503, 'core_unavailable']);
    } finally {
      await lonely.close();
    }
  });
});
