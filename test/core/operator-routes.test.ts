import { describe, expect, it } from 'vitest';
import type { HopCaller } from '../../core/contract/hop.ts';
import { startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, OPERATOR as operator, PRINCIPAL } from '../support/core-app.ts';
import { jsonAnswer } from '../support/raw-provider.ts';

const application = { kind: 'principal', principal: PRINCIPAL } as const;

describe('scopes', () => {
  it('closes every route for operators to everyone else, and what is no route', async () => {
    await using core = await startChatCore(whole);
    const routes = core.routes.filter(({ path }) => path.startsWith('/admin'));
    expect(routes.length).toBeGreaterThan(14);
    for (const { method, path } of [...routes, { method: 'GET', path: '/admin/nothing' }]) {
      for (const caller of [application, { kind: 'edge' } as const]) {
        const response = await core.fetch(path.replaceAll(/:\w+|\*/g, 'x'), { method }, caller);
        expect([method, path, response.status]).toEqual([method, path, 403]);
      }
    }
  });

  it.each([
    ['/v1/models', 'GET'],
    ['/v1/chat/completions', 'POST'],
    ['/mcp', 'POST'],
  ])('%s %s is closed to a key without its scope', async (path, method) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(path, { method }, operator);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  });
});

describe('a path that is there', () => {
  it.each([
    ['PUT', '/admin/requests', 'GET'],
    ['PUT', '/admin/keys', 'GET, POST'],
    ['POST', '/admin/keys/abcdefgh', 'GET, PATCH, DELETE'],
  ])('refuses %s %s and says what it takes', async (method, path, allow) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(path, { method }, operator);
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });

  it('is not to be had under another name', async () => {
    await using core = await startChatCore(whole);
    expect((await core.fetch('/admin/nothing', {}, operator)).status).toBe(404);
  });
});

describe('POST /internal/records', () => {
  const record = {
    requestId: '01a205c8-be38-7000-9ff1-8d950c5f18ff',
    tenantId: 'shop',
    keyId: PRINCIPAL.keyId,
    userId: 'user-1',
    endpoint: '/v1/chat/completions',
    model: 'up',
    provider: 'upstream',
    timestamp: 1_000,
    latencyMs: 3,
    httpStatus: 200,
    cache: 'HIT',
    stream: false,
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    savedMicroUsd: 20,
  };

  it('writes a record once, however often it comes, at no cost and with what it saved', async () => {
    await using core = await startChatCore(whole);
    const batch = chatInit({ records: [record, record] });
    await core.fetch('/internal/records', batch, { kind: 'edge' });
    await core.fetch('/internal/records', batch, { kind: 'edge' });
    expect(core.log.rows()).toMatchObject([
      { outcome: 'success', cache: 'HIT', cost: 0, savedMicroUsd: 20, tokens: 15, latency: 3 },
    ]);
  });

  it('leaves out and reports a record that is none, and writes the others', async () => {
    await using core = await startChatCore(whole);
    const batch = chatInit({ records: [{}, record] });
    const response = await core.fetch('/internal/records', batch, { kind: 'edge' });
    expect(response.status).toBe(204);
    expect(core.log.rows()).toHaveLength(1);
    expect(core.errors).toMatchObject([{ options: { param: 'requestId' } }]);
  });
});

describe('GET /readyz', () => {
  it('shows an operator which providers can be reached, and nobody else', async () => {
    await using core = await startChatCore(
      (socket) => void socket.end(jsonAnswer(200, { data: [] })),
    );
    const seenBy = async (caller: HopCaller) => (await core.fetch('/readyz', {}, caller)).json();
    expect(await seenBy(application)).toEqual({ status: 'ready' });
    expect(await seenBy({ kind: 'edge' })).toEqual({ status: 'ready' });
    expect(await seenBy(operator)).toEqual({
      status: 'ready',
      providers: [{ provider: 'upstream', available: true }],
    });
  });

  it('asks the providers once for many looks', async () => {
    await using core = await startChatCore(
      (socket) => void socket.end(jsonAnswer(200, { data: [] })),
    );
    await Promise.all([1, 2, 3].map(() => core.fetch('/readyz', {}, operator)));
    expect(core.provider.requests).toHaveLength(1);
  });
});
