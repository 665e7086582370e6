import { expect, it, vi } from 'vitest';
import { createEdgeApp, type EdgeDeps } from '../../../../edge/app.ts';
import { API_KEY, edgeDeps, executionContext, keyRecord } from '../../../support/edge-deps.ts';

const chat = (deps: Partial<EdgeDeps>, headers: Record<string, string> = {}) =>
  createEdgeApp(edgeDeps(deps)).request(
    '/v1/chat/completions',
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
    },
    {},
    executionContext,
  );

it('a request that bypasses the cache is not even named for it', async () => {
  const cacheDigest = vi.fn(async () => 'name');
  const answer = await chat(
    {
      cacheDigest,
      keys: { find: async () => keyRecord() },
      core: { send: async () => Response.json({}) },
    },
    { 'cache-control': 'no-store' },
  );
  expect([answer.status, answer.headers.get('x-gateway-cache')]).toEqual([200, 'BYPASS']);
  expect(cacheDigest).not.toHaveBeenCalled();
});

it('the limits are asked without waiting for the name of the answer', async () => {
  const refuse: EdgeDeps['localLimiter'] = {
    take: async (_, rules) =>
      rules.map((rule) => ({ rule, admitted: false, remaining: 0, resetAt: 1_000 })),
  };
  const answer = await chat({
    keys: { find: async () => keyRecord({ limits: { requestsPerMinute: 1 } }) },
    sharedLimiter: refuse,
    localLimiter: refuse,
    cacheDigest: () => new Promise(() => undefined),
  });
  expect(answer.status).toBe(429);
});
