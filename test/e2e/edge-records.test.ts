import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ask, type EdgeStack, startEdgeStack } from '../support/edge-stack.ts';

let stack: EdgeStack;
let key: string;
beforeAll(async () => {
  stack = await startEdgeStack();
  key = await stack.issueKey();
});
afterAll(() => stack.close());

/** Asks until the answer comes from the cache. */
const keep = (body: object) =>
  vi.waitFor(async () =>
    expect((await stack.chat(key, body)).headers.get('x-gateway-cache')).toBe('HIT'),
  );

it('a hit reaches the request log through the queue, with what it saved', async () => {
  const body = ask();
  await keep(body);
  const hit = await stack.chat(
    key,
    { ...body, stream: true },
    { 'x-request-id': 'mine', 'x-gateway-metadata': '{"team":"search"}' },
  );
  const requestId = hit.headers.get('x-request-id');
  await vi.waitFor(
    () => expect(stack.core.records.map((record) => record.requestId)).toContain(requestId),
    { timeout: 10_000 },
  );
  expect(stack.core.records.find((record) => record.requestId === requestId)).toMatchObject({
    clientRequestId: 'mine',
    tenantId: 'acme',
    keyId: key.split('_')[2],
    userId: 'ada',
    endpoint: '/v1/chat/completions',
    model: 'demo-model',
    metadata: { team: 'search' },
    provider: 'demo',
    httpStatus: 200,
    cache: 'HIT',
    stream: true,
    usage: { total_tokens: 12 },
    savedMicroUsd: 1_500,
  });
  expect(hit.headers.get('x-gateway-degraded')).toBeNull();
});

it('metadata that no row could have is refused, also where an answer is kept', async () => {
  const body = ask();
  await keep(body);
  const response = await stack.chat(key, body, { 'x-gateway-metadata': '{"a":[]}' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: 'x-gateway-metadata' } });
});

it('hits reach it once, however often the core was away', async () => {
  const body = ask();
  await keep(body);
  stack.core.takesRecords = false;
  const before = stack.core.deliveries;
  const hits = await Promise.all(Array.from({ length: 12 }, () => stack.chat(key, body)));
  await vi.waitFor(() => expect(stack.core.deliveries).toBeGreaterThan(before + 4), {
    timeout: 20_000,
  });
  stack.core.takesRecords = true;
  const ids = hits.map(({ headers }) => headers.get('x-request-id')).sort();
  const arrived = () =>
    stack.core.records.map(({ requestId }) => requestId).filter((id) => ids.includes(id));
  await vi.waitFor(() => expect(arrived().sort()).toEqual(ids), { timeout: 10_000 });
});
