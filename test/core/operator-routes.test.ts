import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../core/contract/api-key.ts';
import type { HopCaller } from '../../core/contract/hop.ts';
import { finalRow } from '../../core/ledger/row.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, PRINCIPAL } from '../support/core-app.ts';
import { jsonAnswer } from '../support/raw-provider.ts';

const rowAt = (n: number) =>
  finalRow(
    {
      requestId: `01a205c8-be38-7000-9ff1-${String(n).padStart(12, '0')}`,
      principal: PRINCIPAL,
      endpoint: '/v1/chat/completions',
      model: 'up',
      stream: false,
      cache: 'MISS',
      receivedAt: Date.parse('2026-03-01T23:59:59.000Z') + n * 1_000,
    },
    { outcome: 'success', httpStatus: 200, attempts: [] },
    Date.parse('2026-03-03T00:00:00.000Z'),
  );

const operator = { kind: 'principal', principal: { ...PRINCIPAL, scopes: ['admin'] } } as const;
const application = { kind: 'principal', principal: PRINCIPAL } as const;

describe('GET /admin/requests', () => {
  it('lists rows newest first, page by page, each once', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 5; n++) await core.log.record(rowAt(n));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor && `&cursor=${cursor}`;
      const page = await core.fetch(`/admin/requests?limit=2${query}`, {}, operator);
      const body = await page.json();
      seen.push(...body.data.map((row: { requestId: string }) => row.requestId));
      cursor = body.cursor;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => rowAt(n).requestId));
  });

  it.each([
    ['from=2026-03-01T23:59:59Z', [4, 3, 2, 1, 0]],
    ['from=2026-03-01T23:59:59.5Z', [4, 3, 2, 1]],
    ['from=2026-03-02T01:00:01%2B01:00', [4, 3, 2]],
    ['from=2026-03-02', [4, 3, 2, 1]],
    ['to=2026-03-01', [0]],
    ['to=2026-03-02T00:00:00.000Z', [1, 0]],
    ['from=2026-03-02&to=2026-03-02', [4, 3, 2, 1]],
    ['from=2026-03-03&to=2026-03-02', []],
  ])('means by ?%s the rows %j, whatever the zone and the fractions', async (query, expected) => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 5; n++) await core.log.record(rowAt(n));
    const response = await core.fetch(`/admin/requests?${query}`, {}, operator);
    const { data } = await response.json();
    const ids = data.map((row: { requestId: string }) => row.requestId);
    expect(ids).toEqual(expected.map((n) => rowAt(n).requestId));
  });

  it.each([
    ['limit=0', 'limit', '"limit" must be at least 1.'],
    ['limit=x', 'limit', '"limit" must be a number.'],
    ['limit=5000', 'limit', '"limit" must be at most 1000.'],
    [
      'from=yesterday',
      'from',
      '"from" must be a time as 2026-01-31T12:00:00Z or a date as 2026-01-31.',
    ],
    ['success=maybe', 'success', '"success" must be "true" or "false".'],
    ['cursor=x', 'cursor', 'The cursor is not one that this list has given out.'],
    ['no=1', 'no', 'There is no query parameter "no".'],
  ])('refuses ?%s and says what is wrong', async (query, param, message) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(`/admin/requests?${query}`, {}, operator);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_parameter', param, message },
    });
  });

  it.each([
    ['BYPASS', 'BYPASS'],
    ['MISS', 'MISS'],
    ['HIT', 'MISS'],
    ['', 'MISS'],
  ])('says of a request for which the edge said "%s": %s', async (said, cache) => {
    await using core = await startChatCore(whole);
    const init = chatInit(ask);
    const headers = { ...init.headers, 'x-gateway-cache': said };
    await core.fetch('/v1/chat/completions', { ...init, headers });
    await core.settled();
    expect(core.log.rows()).toMatchObject([{ cache }]);
  });
});

describe('POST /admin/keys', () => {
  it('shows the key once, and never its digest', async () => {
    await using core = await startChatCore(whole);
    const body = { name: 'Shop', tenant: 'shop', limits: { requestsPerMinute: 3 } };
    const response = await core.fetch('/admin/keys', chatInit(body), operator);
    expect(response.status).toBe(201);
    const made = await response.json();
    expect(apiKeyId(made.key)).toBe(made.id);
    expect(made).toMatchObject({ ...body, scopes: ['inference', 'mcp'], cache: true });
    expect(made).not.toHaveProperty('digest');
  });

  it("is for the operator's own tenant unless it names another", async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/admin/keys', chatInit({ name: 'Mine' }), operator);
    expect(await response.json()).toMatchObject({ tenant: PRINCIPAL.tenantId });
  });

  it.each([
    ['no name', { tenant: 'shop' }, 'invalid_parameter', 'name'],
    ['an unknown limit', { name: 'a', limits: { foo: 1 } }, 'unknown_field', 'limits.foo'],
    [
      'a time that has passed',
      { name: 'a', expiresAt: '2020-01-01T00:00:00Z' },
      'invalid_parameter',
      'expiresAt',
    ],
    ['an unknown field', { name: 'a', tenant: 'shop', admin: true }, 'unknown_field', 'admin'],
    [
      'an unknown scope',
      { name: 'a', tenant: 'shop', scopes: ['root'] },
      'invalid_parameter',
      'scopes.0',
    ],
    ['a tenant that is a path', { name: 'a', tenant: '../b' }, 'invalid_parameter', 'tenant'],
  ])('refuses %s', async (_, body, code, param) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/admin/keys', chatInit(body), operator);
    expect(await response.json()).toMatchObject({ error: { code, param } });
  });
});

describe('scopes', () => {
  it.each([
    ['/admin/requests', 'GET', application],
    ['/admin/keys', 'POST', application],
    ['/v1/models', 'GET', operator],
    ['/v1/chat/completions', 'POST', operator],
    ['/mcp', 'POST', operator],
  ])('%s %s is closed to a key without its scope', async (path, method, caller) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(path, { method }, caller);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  });
});

describe('a path that is there', () => {
  it.each([
    ['PUT', '/admin/requests', 'GET'],
    ['GET', '/admin/keys', 'POST'],
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
