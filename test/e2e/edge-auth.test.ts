import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type EdgeStack, startEdgeStack, unknownKey } from '../support/edge-stack.ts';

let stack: EdgeStack;
beforeAll(async () => {
  stack = await startEdgeStack();
});
afterAll(() => stack.close());

const ROUTES = [
  ['POST', '/v1/chat/completions'],
  ['GET', '/v1/models'],
  ['GET', '/v1/models/demo-model'],
  ['POST', '/mcp'],
  ['GET', '/admin/requests'],
  ['POST', '/admin/keys'],
  ['DELETE', '/admin/keys/1'],
] as const;

const call = (method: string, path: string, authorization?: string) =>
  fetch(stack.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    ...(method === 'POST' && { body: JSON.stringify(ask()) }),
  });

const codeOf = async (answer: Response) => (await answer.json()).error?.code;

describe('every route but the public ones', () => {
  it.each(ROUTES)(
    '%s %s refuses whoever it does not know, and asks the core nothing',
    async (method, path) => {
      const expired = await stack.issueKey({ expiresAt: 1 });
      const before = stack.core.received.length;
      const refused = [
        [undefined, 'missing_credentials'],
        ['', 'missing_credentials'],
        ['Bearer', 'missing_credentials'],
        [`Basic ${expired}`, 'missing_credentials'],
        [`Token ${expired}`, 'missing_credentials'],
        [`Bearer ${unknownKey()}`, 'invalid_api_key'],
        ['Bearer sk-1234', 'invalid_api_key'],
        [`Bearer ${expired}`, 'token_expired'],
      ] as const;
      for (const [authorization, code] of refused) {
        const answer = await call(method, path, authorization);
        expect([answer.status, await codeOf(answer)]).toEqual([401, code]);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      expect(stack.core.received.length).toBe(before);
    },
  );

  it.each([
    ['inference', '/v1/models', '/admin/requests'],
    ['admin', '/admin/requests', '/v1/models'],
    ['admin', '/admin/requests', '/mcp'],
    ['mcp', '/mcp', '/v1/chat/completions'],
  ])('a key of scope %s opens %s and not %s', async (scope, open, shut) => {
    const key = await stack.issueKey({ scopes: [scope] });
    const method = (path: string) => (/mcp|chat/.test(path) ? 'POST' : 'GET');
    expect((await call(method(open), open, `Bearer ${key}`)).status).toBe(200);
    const answer = await call(method(shut), shut, `Bearer ${key}`);
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'forbidden']);
  });
});

describe('paths', () => {
  it.each([
    '//v1/models',
    '/v1//models',
    '/v1%2fmodels',
    '/%761/models',
    '/v1/models/',
    '/V1/models',
    '/v1/./%6dodels',
    '/internal/records',
    '/internal/keys/x',
    '/admin/%2e%2e%2finternal/records',
    '/admin/a%00b',
    '/',
  ])('%s is nothing, whoever asks', async (path) => {
    const key = await stack.issueKey();
    const before = stack.core.received.length;
    expect([401, 404]).toContain((await call('GET', path)).status);
    const answer = await call('GET', path, `Bearer ${key}`);
    expect([answer.status, await codeOf(answer)]).toEqual([404, 'route_not_found']);
    expect(stack.core.received.length).toBe(before);
  });

  it.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/models', 'HEAD, GET'],
    ['GET', '/mcp', 'POST'],
    ['POST', '/healthz', 'HEAD, GET'],
    ['PROPFIND', '/admin/keys', 'HEAD, GET, POST, PUT, PATCH, DELETE'],
  ])('%s %s names the methods there are', async (method, path, allow) => {
    const answer = await call(method, path, `Bearer ${await stack.issueKey()}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(await codeOf(answer)).toBe('method_not_allowed');
  });

  it('OPTIONS names them too', async () => {
    const answer = await call('OPTIONS', '/mcp', `Bearer ${await stack.issueKey()}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'POST']);
  });
});

describe('public routes', () => {
  it('say that the edge lives and whether the core does, and nothing else', async () => {
    expect(await (await call('GET', '/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await call('GET', '/readyz')).json()).toEqual({ status: 'ready' });
    expect((await call('HEAD', '/healthz')).status).toBe(200);
  });
});

describe('keys', () => {
  it('are looked up once, by digest, and then remembered', async () => {
    const key = await stack.issueKey();
    const before = stack.core.keyLookUps.length;
    const mirrored = stack.upstash.received.length;
    for (let i = 0; i < 3; i++) await call('GET', '/v1/models', `Bearer ${key}`);
    expect(stack.core.keyLookUps.length).toBe(before + 1);
    const sent = stack.upstash.received.slice(mirrored).join();
    expect(sent).toContain('gateway:key:');
    expect(sent).not.toContain(key.slice(8, 40));
  });

  it('are looked up under the id of the request, so that both logs agree', async () => {
    const answer = await call('GET', '/v1/models', `Bearer ${await stack.issueKey()}`);
    expect(stack.core.keyLookUps.at(-1)?.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('that nobody has are not looked up again at once', async () => {
    const key = unknownKey();
    const before = stack.core.keyLookUps.length;
    for (let i = 0; i < 3; i++) await call('GET', '/v1/models', `Bearer ${key}`);
    expect(stack.core.keyLookUps.length).toBe(before + 1);
  });

  it('that cannot be keys are not looked up', async () => {
    const before = [stack.core.keyLookUps.length, stack.upstash.received.length];
    await call('GET', '/v1/models', `Bearer ${unknownKey().slice(0, -1)}`);
    expect([stack.core.keyLookUps.length, stack.upstash.received.length]).toEqual(before);
  });

  it.each(['off', 'hanging', 'failing', 'rubbish'] as const)(
    'are known from the core while Upstash is %s',
    async (mode) => {
      stack.upstash.mode = mode;
      const answer = await call('GET', '/v1/models', `Bearer ${await stack.issueKey()}`);
      stack.upstash.mode = 'up';
      expect(answer.status).toBe(200);
    },
  );

  it('may be limited to some models', async () => {
    const key = await stack.issueKey({ models: ['other'] });
    const answer = await stack.chat(key, ask());
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'model_not_allowed']);
  });
});

it('nothing that is printed holds a key or a prompt', async () => {
  const key = await stack.issueKey();
  const canary = 'canary-7f3a';
  await stack.chat(key, ask({ messages: [{ role: 'user', content: canary }] }));
  await stack.chat(key, ask({ messages: canary }));
  const printed = stack.logs.join('\n');
  expect(printed).toContain('"event":"request"');
  expect(printed).not.toContain(canary);
  expect(printed).not.toContain(key.slice(17, 49));
});
