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
    askedBy: '',
    async find(_: string, requestId: string) {
      this.lookUps += 1;
      this.askedBy = requestId;
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
  expect(await store.find('a', 'request')).toBe(RECORD);
  expect(truth.lookUps).toBe(0);
  mirror.record = undefined;
  truth.record = RECORD;
  expect(await store.find('b', 'request')).toBe(RECORD);
});

it('asks the truth when the mirror fails', async () => {
  const { mirror, truth, store } = tiers();
  mirror.fails = true;
  truth.record = RECORD;
  expect(await store.find('a', 'request')).toBe(RECORD);
});

it('rejects when the truth fails, and remembers nothing of it', async () => {
  const { truth, store } = tiers();
  truth.fails = true;
  await expect(store.find('a', 'request')).rejects.toThrow('unreachable');
  truth.fails = false;
  truth.record = RECORD;
  expect(await store.find('a', 'request')).toBe(RECORD);
});

it.each([
  ['a key', RECORD, 30_000],
  ['that there is no key', undefined, 5_000],
] as const)('remembers %s for a time, and no longer', async (_, record, knownMs) => {
  const { clock, truth, store } = tiers();
  truth.record = record;
  await store.find('a', 'request');
  clock.now = knownMs - 1;
  await store.find('a', 'request');
  expect(truth.lookUps).toBe(1);
  clock.now = knownMs;
  await store.find('a', 'request');
  expect(truth.lookUps).toBe(2);
});

it('tells whom it asks which request it is for', async () => {
  const { mirror, truth, store } = tiers();
  await store.find('a', 'request');
  expect([mirror.askedBy, truth.askedBy]).toEqual(['request', 'request']);
});

it('forgets no key for any number of wrong ones', async () => {
  const { truth, store } = tiers();
  truth.record = RECORD;
  await store.find('a', 'request');
  truth.record = undefined;
  for (let wrong = 0; wrong < 10_000; wrong++) await store.find(`wrong ${wrong}`, 'request');
  expect(await store.find('a', 'request')).toBe(RECORD);
});
