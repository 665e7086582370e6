import { describe, expect, it } from 'vitest';
import { costing, idAt, openAt, closedAt as rowAt } from '../support/a-row.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, OPERATOR as operator } from '../support/core-app.ts';
import { operate } from '../support/operate.ts';

describe('GET /admin/requests', () => {
  it('lists rows newest first, page by page, each once', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 5; n++) await core.log.record(rowAt(n + 1));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor && `&cursor=${cursor}`;
      const page = await core.fetch(`/admin/requests?limit=2${query}`, {}, operator);
      const body = await page.json();
      seen.push(...body.data.map((row: { requestId: string }) => row.requestId));
      cursor = body.cursor;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => rowAt(n + 1).requestId));
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
    for (let n = 0; n < 5; n++) await core.log.record(rowAt(n + 1));
    const response = await core.fetch(`/admin/requests?${query}`, {}, operator);
    const { data } = await response.json();
    const ids = data.map((row: { requestId: string }) => row.requestId);
    expect(ids).toEqual(expected.map((n) => rowAt(n + 1).requestId));
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

describe('GET /admin/requests by tenant', () => {
  it('lists only those', async () => {
    await using core = await startChatCore(whole);
    await core.log.record(rowAt(1));
    const { body } = await operate(core)('GET', '/requests?tenant=other');
    expect(body.data).toEqual([]);
    expect((await operate(core)('GET', '/requests?tenant=shop')).body.data).toHaveLength(1);
  });
});

describe('GET /admin/requests/{requestId}', () => {
  it('explains a request that was really made', async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/v1/chat/completions', chatInit(ask));
    await response.json();
    await core.settled();
    const id = response.headers.get('x-request-id');
    const { status, body } = await operate(core)('GET', `/requests/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requestId: id,
      outcome: 'success',
      summary: 'upstream answered at the first attempt.',
      plan: ['upstream/up'],
      attempts: [
        { number: 1, outcome: 'answered', costUsd: response.headers.get('x-gateway-cost') },
      ],
      tokens: { total: 15, output: 5 },
      money: { costUsd: response.headers.get('x-gateway-cost'), costStatus: 'exact' },
    });
    const { totalMs, upstreamMs, waitedMs, overheadMs } = body.time;
    expect(upstreamMs + waitedMs + overheadMs).toBe(totalMs);
  });

  it('knows no request that is not in the log', async () => {
    await using core = await startChatCore(whole);
    const { status, body } = await operate(core)('GET', `/requests/${idAt(9)}`);
    expect([status, body.error.code]).toEqual([404, 'resource_not_found']);
  });
});

describe('GET /admin/requests/export', () => {
  const read = async (core: Awaited<ReturnType<typeof startChatCore>>, query: string) => {
    const response = await core.fetch(`/admin/requests/export?${query}`, {}, operator);
    return { type: response.headers.get('content-type'), text: await response.text() };
  };

  it('has every row once, newest first, however many pages they are', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 1_100; n++) await core.log.record(rowAt(n));
    const { type, text } = await read(core, 'format=jsonl');
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).requestId);
    expect(type).toBe('application/jsonl');
    expect(ids).toEqual(Array.from({ length: 1_100 }, (_, n) => idAt(1_099 - n)));
  });

  it('writes CSV with a head, and takes the filters of the list', async () => {
    await using core = await startChatCore(whole);
    await core.log.record(rowAt(1, costing(1_500)));
    await core.log.record(rowAt(2, { outcome: 'failed' }));
    await core.log.open(openAt(3));
    const { type, text } = await read(core, 'format=csv&success=true');
    expect(type).toContain('text/csv');
    const [head, ...lines] = text.trimEnd().split('\r\n');
    expect(head).toMatch(/^requestId,timestamp,tenant,/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${idAt(1)},`);
  });

  it('is only a head where nothing was found', async () => {
    await using core = await startChatCore(whole);
    expect((await read(core, 'format=csv')).text).toMatch(/^requestId.*\r\n$/);
    expect((await read(core, 'format=jsonl')).text).toBe('');
  });

  it('is read from the log as its reader takes it', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 1_600; n++) await core.log.record(rowAt(n));
    let asked = 0;
    const { list } = core.log;
    core.log.list = (query) => {
      asked += 1;
      return list(query);
    };
    const response = await core.fetch('/admin/requests/export?format=jsonl', {}, operator);
    const reader = response.body?.getReader();
    await reader?.read();
    expect(asked).toBe(1);
    await reader?.cancel();
    expect(asked).toBe(1);
  });

  it('breaks off when the log fails on the way, so that a part is not taken for the whole', async () => {
    await using core = await startChatCore(whole);
    for (let n = 0; n < 600; n++) await core.log.record(rowAt(n));
    const { list } = core.log;
    core.log.list = (query) => (query.before ? Promise.reject(new Error('away')) : list(query));
    const response = await core.fetch('/admin/requests/export?format=jsonl', {}, operator);
    await expect(response.text()).rejects.toThrow();
  });

  it.each(['', 'format=xml', 'format=csv&limit=5'])('refuses ?%s', async (query) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch(`/admin/requests/export?${query}`, {}, operator);
    expect(response.status).toBe(400);
  });
});
