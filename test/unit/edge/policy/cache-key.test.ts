import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import { tenantIdSchema } from '../../../../core/contract/principal.ts';
import { type CacheSubject, cacheKey } from '../../../../edge/policy/cache-key.ts';

const digest = createKeyedDigest(crypto.subtle, 'cache secret');

const subject = (fields: Partial<CacheSubject> = {}): CacheSubject => ({
  owner: { tenantId: tenantIdSchema.parse('acme'), policyVersion: 1, configVersion: 'v1' },
  endpoint: '/v1/chat/completions',
  model: 'demo',
  namespace: undefined,
  body: { model: 'demo', messages: [{ role: 'user', content: 'hi' }], temperature: 0.7 },
  ...fields,
});

const owner = (fields: object) => ({ owner: { ...subject().owner, ...fields } });
const body = (fields: object) => ({ body: { ...subject().body, ...fields } });

it.each([
  ['stream', body({ stream: true })],
  ['stream_options', body({ stream_options: { include_usage: true } })],
  ['user', body({ user: 'u1' })],
  ['metadata', body({ metadata: { trace: '1' } })],
] as const)('does not depend on %s', async (_, fields) => {
  expect(await cacheKey(digest, subject(fields))).toBe(await cacheKey(digest, subject()));
});

it.each([
  ['tenant', owner({ tenantId: tenantIdSchema.parse('other') })],
  ['policy version', owner({ policyVersion: 2 })],
  ['configuration version', owner({ configVersion: 'v2' })],
  ['endpoint', { endpoint: '/v1/embeddings' }],
  ['model', { model: 'demo2' }],
  ['namespace', { namespace: 'a' }],
  ['an unknown field', body({ seed: 1 })],
  ['a field set to null', body({ stop: null })],
  ['temperature', body({ temperature: 0.8 })],
] as const)('depends on the %s', async (_, fields) => {
  expect(await cacheKey(digest, subject(fields))).not.toBe(await cacheKey(digest, subject()));
});

it('depends on the secret', async () => {
  const other = createKeyedDigest(crypto.subtle, 'another secret');
  expect(await cacheKey(other, subject())).not.toBe(await cacheKey(digest, subject()));
});

it('is shared by two tuples exactly when they are equal, however their texts meet', async () => {
  const part = fc.constantFrom('a', 'b', 'a","b', '');
  const tuple = fc.record({ model: part, namespace: fc.option(part, { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(tuple, tuple, async (a, b) => {
      const same = a.model === b.model && a.namespace === b.namespace;
      const [first, second] = await Promise.all(
        [a, b].map((fields) => cacheKey(digest, subject(fields))),
      );
      expect(first === second).toBe(same);
    }),
  );
});
