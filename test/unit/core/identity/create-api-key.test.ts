import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiKeyId } from '../../../../core/contract/api-key.ts';
import { createKeyedDigest } from '../../../../core/contract/keyed-digest.ts';
import { createApiKey } from '../../../../core/identity/create-api-key.ts';
import { tenantId } from '../../../support/a-key.ts';
import { createInMemoryKeyStore } from '../../../support/in-memory-key-store.ts';

const policy = {
  environment: 'test',
  name: 'Shop',
  tenantId: tenantId('shop'),
  userId: 'user-1',
  scopes: ['inference' as const],
  cache: true,
};

const digest = createKeyedDigest(crypto.subtle, 'pepper-of-the-tests');

describe('createApiKey', () => {
  it('makes a well-formed key and stores only its digest', async () => {
    const store = createInMemoryKeyStore();
    const deps = { store, digest, randomBytes, now: () => 7 };
    const { key, stored } = await createApiKey(policy, deps);
    expect(apiKeyId(key)).toBe(stored.keyId);
    expect(await store.findByDigest(await digest(key))).toEqual(stored);
    const secret = key.split('_')[3] ?? '';
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('draws every letter alike: a byte that would favour the first eight is drawn again', async () => {
    const drawn: number[] = [];
    const favouring = (count: number) => {
      // 248 to 255 are the bytes beyond four whole turns of the 62 letters.
      const bytes = Uint8Array.from({ length: count }, (_, n) => (n % 2 ? 248 + (n % 8) : 61));
      drawn.push(count);
      return bytes;
    };
    const { key } = await createApiKey(policy, {
      store: createInMemoryKeyStore(),
      digest,
      randomBytes: favouring,
      now: () => 7,
    });
    expect(key).toMatch(/^gw_test_z{12}_z{43}_/);
    expect(drawn.length).toBeGreaterThan(2);
  });
});
