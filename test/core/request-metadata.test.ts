import { expect, it } from 'vitest';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit } from '../support/core-app.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const withHeaders = (body: object, headers: Record<string, string>): RequestInit => {
  const init = chatInit(body);
  return { ...init, headers: { ...init.headers, ...headers } };
};

it.each([
  ['/v1/chat/completions', ask],
  ['/v1/embeddings', { model: 'up', input: 'text' }],
])('%s keeps the metadata and the trace of a request on its row', async (path, body) => {
  await using core = await startChatCore(whole);
  const headers = {
    'x-gateway-metadata': '{"team":"search","beta":true}',
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  };
  await core.fetch(path, withHeaders(body, headers));
  await core.settled();
  expect(core.log.rows()).toMatchObject([
    { metadata: { team: 'search', beta: true }, traceId: TRACE },
  ]);
});

it.each([
  ['/v1/chat/completions', ask],
  ['/v1/embeddings', { model: 'up', input: 'text' }],
])('%s refuses metadata that no row could have, and asks nobody', async (path, body) => {
  await using core = await startChatCore(whole);
  const response = await core.fetch(path, withHeaders(body, { 'x-gateway-metadata': '{"a":[]}' }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'invalid_parameter', param: 'x-gateway-metadata' },
  });
  expect(core.provider.requests).toHaveLength(0);
});
