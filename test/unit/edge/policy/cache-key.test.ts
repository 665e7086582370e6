import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import { tenantIdSchema } from '../../../../core/contract/principal.ts';
import { type CacheSubject, cacheKey } from '../../../../edge/policy/cache-key.ts';

const digest = createKeyedDigest(crypto.subtle, 'cache secret');

const subject = (fields: Partial<CacheSubject> = {}): CacheSubject => ({
  owner: {
    tenantId: tenantIdSchema.parse('acme'),
    policyVersion: 1,
    configVersion: 'v1',
    cacheVersion: 0,
    namespaceVersions: [],
  },
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
  ['cache version', owner({ cacheVersion: 1 })],
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

it.each([
  ['changes in the namespace that is forgotten', 'drafts', false],
  ['stays in every other', 'final', true],
  ['stays outside of namespaces', undefined, true],
])('%s', async (_, namespace, stays) => {
  const forgotten = owner({ namespaceVersions: [{ namespace: 'drafts', version: 1 }] });
  const before = await cacheKey(digest, subject({ namespace }));
  const after = await cacheKey(digest, subject({ namespace, ...forgotten }));
  expect(after === before).toBe(stays);
});

it('changes when a namespace is forgotten once more, by its tenant or by the gateway', async () => {
  const version = (...versions: number[]) =>
    cacheKey(
      digest,
      subject({
        namespace: 'a',
        ...owner({ namespaceVersions: versions.map((v) => ({ namespace: 'a', version: v })) }),
      }),
    );
  const keys = await Promise.all([version(), version(1), version(1, 1), version(1, 2)]);
  expect(new Set(keys).size).toBe(4);
});
