import { describe, expect, it } from 'vitest';
import { startChatCore, whole } from '../support/chat-core.ts';
import { chatInit } from '../support/core-app.ts';

describe('the hop', () => {
  it.each([
    ['no token', ''],
    ['a token that is no JWT', 'x'],
  ])('refuses %s on every route but the health checks', async (_, token) => {
    await using core = await startChatCore(whole);
    const guarded = core.routes.filter(({ path }) => !['/healthz', '/readyz'].includes(path));
    expect(guarded.length).toBeGreaterThan(8);
    for (const { method, path } of [...guarded, { method: 'GET', path: '/x' }]) {
      const init = { method, headers: { 'x-gateway-hop': token } };
      const response = await core.fetch(path.replace(/:\w+|\*/, 'x'), init);
      expect([method, path, response.status]).toEqual([method, path, 401]);
    }
    expect(core.refusals.length).toBe(guarded.length + 1);
    const health = await core.fetch('/healthz', { headers: { 'x-gateway-hop': token } });
    expect(health.status).toBe(200);
  });

  it('refuses a token that another key has signed', async () => {
    await using core = await startChatCore(whole);
    await using other = await startChatCore(whole);
    const headers = { 'x-gateway-hop': await other.hopToken() };
    expect((await core.fetch('/v1/models', { headers })).status).toBe(401);
  });

  it('lets only the edge itself look up keys and send records', async () => {
    await using core = await startChatCore(whole);
    expect((await core.fetch('/internal/keys/x')).status).toBe(403);
    expect((await core.fetch('/internal/keys/x', {}, { kind: 'edge' })).status).toBe(404);
    expect((await core.fetch('/internal/records', chatInit({ records: [] }))).status).toBe(403);
    const sent = await core.fetch('/internal/records', chatInit({ records: [] }), { kind: 'edge' });
    expect(sent.status).toBe(204);
  });
});
