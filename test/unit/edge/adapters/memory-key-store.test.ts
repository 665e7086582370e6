import { expect, it } from 'vitest';
import { type KeyRecord, keyRecordSchema } from '../../../../core/contract/principal.ts';
import { createMemoryKeyStore } from '../../../../edge/adapters/memory-key-store.ts';

const RECORD = keyRecordSchema.parse({
  tenantId: 'acme',
  keyId: 'abcdefgh',
  userId: 'ada',
  scopes: [],
  policyVersion: 1,
  limits: {},
  cache: true,
  configVersion: 'v1',
});

/** A store over two tiers that count their look-ups, and a clock that tests set. */
function tiers() {
  const clock = { now: 0 };
  const source = (record: KeyRecord | undefined) => ({
    record,
    fails: false,
    lookUps: 0,
    async find() {
      this.lookUps += 1;
      if (this.fails) throw new Error('unreachable');
      return this.record;
    },
  });
  const mirror = source(undefined);
  const truth = source(undefined);
  const store = createMemoryKeyStore({ mirror, truth, now: () => clock.now });
  return { clock, mirror, truth, store };
}

it('asks the mirror, and the truth only when the mirror does not know', async () => {
  const { mirror, truth, store } = tiers();
  mirror.record = RECORD;
  expect(await store.find('a')).toBe(RECORD);
  expect(truth.lookUps).toBe(0);
  mirror.record = undefined;
  truth.record = RECORD;
  expect(await store.find('b')).toBe(RECORD);
});

it('asks the truth when the mirror fails', async () => {
  const { mirror, truth, store } = tiers();
  mirror.fails = true;
  truth.record = RECORD;
  expect(await store.find('a')).toBe(RECORD);
});

it('rejects when the truth fails, and remembers nothing of it', async () => {
  const { truth, store } = tiers();
  truth.fails = true;
  await expect(store.find('a')).rejects.toThrow('unreachable');
  truth.fails = false;
  truth.record = RECORD;
  expect(await store.find('a')).toBe(RECORD);
});

it.each([
  ['a key', RECORD, 30_000],
  ['that there is no key', undefined, 5_000],
] as const)('remembers %s for a time, and no longer', async (_, record, knownMs) => {
  const { clock, truth, store } = tiers();
  truth.record = record;
  await store.find('a');
  clock.now = knownMs - 1;
  await store.find('a');
  expect(truth.lookUps).toBe(1);
  clock.now = knownMs;
  await store.find('a');
  expect(truth.lookUps).toBe(2);
});
