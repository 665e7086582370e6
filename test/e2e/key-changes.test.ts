import { describe, expect, it } from 'vitest';
import { createKeyedDigest } from '../../core/contract/keyed-digest.ts';
import { createCoreKeyStore } from '../../edge/adapters/core-key-store.ts';
import { createLocalRateLimiter } from '../../edge/adapters/local-rate-limiter.ts';
import { createMemoryKeyStore } from '../../edge/adapters/memory-key-store.ts';
import { createEdgeApp } from '../../edge/app.ts';
import type { CachedAnswer, Core } from '../../edge/ports.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { edgeDeps, executionContext } from '../support/edge-deps.ts';
import { operate } from '../support/operate.ts';

/** How long a change may take to reach an edge that has just looked the key up. */
const KNOWN_MS = 30_000;

/** An edge whose time a test moves, in front of the real core. */
async function start() {
  const core = await startChatCore(whole);
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const toCore: Core = {
    send: ({ method, path, headers, body, caller }) =>
      core.fetch(path, { method, headers, ...(body !== undefined && { body }) }, caller),
  };
  const mirror = {
    find: async (digest: string) => {
      const record = core.mirror.copies.get(digest)?.record;
      return record === 'refused' ? undefined : record;
    },
  };
  const answers = new Map<string, CachedAnswer>();
  const limiter = createLocalRateLimiter(now);
  const kept: Promise<unknown>[] = [];
  const edge = createEdgeApp(
    edgeDeps({
      now,
      core: toCore,
      keys: createMemoryKeyStore({ mirror, truth: createCoreKeyStore(toCore), now }),
      keyDigest: createKeyedDigest(crypto.subtle, core.edgeSecrets.KEY_PEPPER),
      sharedLimiter: limiter,
      localLimiter: limiter,
      cacheDigest: createKeyedDigest(crypto.subtle, 'cache secret'),
      cache: {
        find: async (key) => answers.get(key),
        keep: async (key, answer) => void answers.set(key, answer),
      },
    }),
  );
  const admin = operate(core);
  return {
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
    admin,
    pass: (ms: number) => {
      clock.now += ms;
    },
    newKey: async (policy: object = {}) => {
      const { body } = await admin('POST', '/keys', { name: 'x', tenant: 'shop', ...policy });
      return { id: String(body.id), key: String(body.key) };
    },
    async ask(key: string, headers: Record<string, string> = {}) {
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(ask),
      };
      const context = {
        ...executionContext,
        waitUntil: (work: Promise<unknown>) => void kept.push(work),
      };
      const response = await edge.request('/v1/chat/completions', init, {}, context);
      const text = await response.text();
      await Promise.all(kept);
      const { error } = JSON.parse(text);
      return [response.status, error?.code ?? response.headers.get('x-gateway-cache')];
    },
  };
}

const OK = [200, 'BYPASS'];
const uncached = { cache: false };

describe('30 seconds after the answer to an operator', () => {
  it('a revoked key is refused, and stays so', async () => {
    await using gateway = await start();
    const { id, key } = await gateway.newKey(uncached);
    expect(await gateway.ask(key)).toEqual(OK);
    await gateway.admin('DELETE', `/keys/${id}`);
    gateway.pass(KNOWN_MS);
    expect(await gateway.ask(key)).toEqual([401, 'invalid_api_key']);
    gateway.pass(10 * KNOWN_MS);
    expect(await gateway.ask(key)).toEqual([401, 'invalid_api_key']);
  });

  it('a rotated key is refused and the new one works at once', async () => {
    await using gateway = await start();
    const { id, key } = await gateway.newKey(uncached);
    expect(await gateway.ask(key)).toEqual(OK);
    const { body } = await gateway.admin('POST', `/keys/${id}/rotate`);
    expect(await gateway.ask(body.key)).toEqual(OK);
    gateway.pass(KNOWN_MS);
    expect(await gateway.ask(key)).toEqual([401, 'invalid_api_key']);
    expect(await gateway.ask(body.key)).toEqual(OK);
  });

  it('a key that was rotated with an overlap is good until its end', async () => {
    await using gateway = await start();
    const { id, key } = await gateway.newKey(uncached);
    await gateway.admin('POST', `/keys/${id}/rotate`, { overlapSeconds: 60 });
    gateway.pass(KNOWN_MS);
    expect(await gateway.ask(key)).toEqual(OK);
    // The core's clock went on meanwhile.
    gateway.pass(KNOWN_MS + 10_000);
    expect(await gateway.ask(key)).toEqual([401, 'token_expired']);
  });

  it.each([
    ['scopes', { scopes: ['mcp'] }, [403, 'forbidden']],
    ['models', { models: ['other'] }, [403, 'model_not_allowed']],
    ['limits', { limits: { requestsPerMinute: 1 } }, [429, 'rate_limited']],
  ])('the new %s of a key hold', async (_, change, expected) => {
    await using gateway = await start();
    const { id, key } = await gateway.newKey(uncached);
    expect(await gateway.ask(key)).toEqual(OK);
    await gateway.admin('PATCH', `/keys/${id}`, change);
    gateway.pass(KNOWN_MS);
    if (expected[1] === 'rate_limited') await gateway.ask(key);
    expect(await gateway.ask(key)).toEqual(expected);
  });

  it.each([
    ['everything', '', {}],
    ['a tenant', '?tenant=shop', {}],
    ['a namespace', '?namespace=drafts', { 'x-gateway-cache-namespace': 'drafts' }],
    [
      "a tenant's namespace",
      '?tenant=shop&namespace=drafts',
      { 'x-gateway-cache-namespace': 'drafts' },
    ],
  ])('no cached answer of %s is found', async (_, query, headers) => {
    await using gateway = await start();
    const { key } = await gateway.newKey();
    expect(await gateway.ask(key, headers)).toEqual([200, 'MISS']);
    expect(await gateway.ask(key, headers)).toEqual([200, 'HIT']);
    await gateway.admin('DELETE', `/cache${query}`);
    gateway.pass(KNOWN_MS);
    expect(await gateway.ask(key, headers)).toEqual([200, 'MISS']);
    expect(await gateway.ask(key, headers)).toEqual([200, 'HIT']);
  });

  it.each([
    ['another tenant', '?tenant=other', {}],
    ['a namespace', '?namespace=drafts', {}],
    ['a namespace', '?namespace=drafts', { 'x-gateway-cache-namespace': 'final' }],
  ])('what is not of %s is still found', async (_, query, headers) => {
    await using gateway = await start();
    const { key } = await gateway.newKey();
    await gateway.ask(key, headers);
    await gateway.admin('DELETE', `/cache${query}`);
    gateway.pass(KNOWN_MS);
    expect(await gateway.ask(key, headers)).toEqual([200, 'HIT']);
  });
});
