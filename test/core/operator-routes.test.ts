import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../core/contract/api-key.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, PRINCIPAL } from '../support/core-app.ts';

const operator = { kind: 'principal', principal: { ...PRINCIPAL, scopes: ['admin'] } } as const;
const application = { kind: 'principal', principal: PRINCIPAL } as const;

describe('GET /admin/requests', () => {
  it('lists rows newest first, page by page, each once', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 5; n++) await core.fetch('/v1/chat/completions', chatInit(ask));
    await core.settled();
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor && `&cursor=${cursor}`;
      const page = await core.fetch(`/admin/requests?limit=2${query}`, {}, operator);
      const body = await page.json();
      seen.push(...body.data.map((row: { requestId: string }) => row.requestId));
      cursor = body.cursor;
    }
    expect(seen.toSorted()).toEqual(
      core.log
        .rows()
        .map(({ requestId }) => requestId)
        .toSorted(),
    );
  });

  it.each([
    'limit=0',
    'limit=x',
    'limit=5000',
    'from=yesterday',
    'success=maybe',
    'cursor=x',
    'no=1',
  ])('refuses ?%s', async (query) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(`/admin/requests?${query}`, {}, operator);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_parameter' } });
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

  it.each([
    ['no name', { tenant: 'shop' }, 'invalid_parameter', 'name'],
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

describe('GET /v1/models', () => {
  it('lists what the key may use, and finds one by its id', async () => {
    await using core = await startChatCore(whole);
    const list = await (await core.fetch('/v1/models')).json();
    expect(list).toMatchObject({ object: 'list', data: [{ id: 'upstream/up', object: 'model' }] });
    expect((await core.fetch('/v1/models/upstream/up')).status).toBe(200);
    expect((await core.fetch('/v1/models/upstream%2Fup')).status).toBe(200);
    expect((await core.fetch('/v1/models/upstream/none')).status).toBe(404);
  });

  it('hides what the key may not use', async () => {
    await using core = await startChatCore(whole);
    const principal = { ...PRINCIPAL, models: ['other'] };
    const response = await core.fetch('/v1/models', {}, { kind: 'principal', principal });
    expect(await response.json()).toMatchObject({ data: [] });
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

  it('refuses a record that is not one', async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/internal/records', chatInit({ records: [{}] }), {
      kind: 'edge',
    });
    expect(response.status).toBe(400);
  });
});
