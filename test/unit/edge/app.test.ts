import { describe, expect, it } from 'vitest';
import { Fault } from '../../../core/contract/fault.ts';
import { createEdgeApp } from '../../../edge/app.ts';
import { API_KEY, edgeDeps } from '../../support/edge-deps.ts';

const PUBLIC = ['/healthz', '/readyz'];

const guarded = createEdgeApp(edgeDeps())
  .routes.filter(({ method, path }) => method !== 'ALL' && !PUBLIC.includes(path))
  .map(({ method, path }) => [method, path.replace(/:\w+\{.*\}|\*/, 'x')] as const);

describe('every route of the router but the public ones', () => {
  it.each(guarded)('%s %s wants a credential before anything else', async (method, path) => {
    const answer = await createEdgeApp(edgeDeps()).request(path, { method });
    expect(answer.status).toBe(401);
    expect((await answer.json()).error.code).toBe('missing_credentials');
  });

  it('is guarded by name, so that this list is not empty', () => {
    expect(guarded.length).toBeGreaterThan(5);
  });
});

describe('nothing that is thrown on the way to an identity yields one', () => {
  const broken = () => {
    throw new Error('canary');
  };
  it.each([
    ['the digest', { keyDigest: broken }, 401, 'invalid_api_key'],
    ['the key store', { keys: { find: broken } }, 401, 'invalid_api_key'],
    [
      'a key store that cannot know',
      { keys: { find: () => Promise.reject(new Fault('core_unavailable')) } },
      503,
      'core_unavailable',
    ],
  ] as const)('%s', async (_, deps, status, code) => {
    const answer = await createEdgeApp(edgeDeps(deps)).request('/v1/models', {
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    const envelope = await answer.text();
    expect([answer.status, JSON.parse(envelope).error.code]).toEqual([status, code]);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(envelope).not.toContain('canary');
  });
});

it('an unexpected error is told to the operator by its place, never by its message', async () => {
  const lines: string[] = [];
  const app = createEdgeApp(edgeDeps({ log: (entry) => lines.push(JSON.stringify(entry)) }));
  const answer = await app.request('/readyz');
  expect([answer.status, (await answer.json()).error.code]).toEqual([500, 'internal_error']);
  expect(lines[0]).toMatch(/"thrown":"Error at .*untouched/);
  expect(lines[0]).not.toContain('nothing may reach');
});
