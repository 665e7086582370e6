import { expect, it } from 'vitest';
import * as z from 'zod';
import { createInProcessRedis } from '../../../../core/state/in-process-redis.ts';
import { changeValue, parseValue } from '../../../../core/state/shared-value.ts';

const kind = { schema: z.object({ count: z.number() }), initial: { count: 0 }, ttlMs: 1_000 };
const entry = { key: 'value', kind };
const increment = ({ count }: { readonly count: number }) => ({ count: count + 1 });

it.each([
  [undefined, 'nothing'],
  ['{', 'broken JSON'],
  ['{"count":"1"}', 'another shape'],
])('%s, %s, counts as the initial value', (text, _) => {
  expect(parseValue(kind, text)).toBe(kind.initial);
});

it('changes at once are all applied', async () => {
  const redis = createInProcessRedis({ now: () => 0 });
  await Promise.all(Array.from({ length: 15 }, () => changeValue(redis, entry, increment)));
  expect(await redis.getMany(['value'])).toEqual(['{"count":15}']);
});

it('nothing is written where nothing changes, or where the change is refused', async () => {
  const redis = createInProcessRedis({ now: () => 0 });
  expect(await changeValue(redis, entry, (value) => value)).toBe(kind.initial);
  expect(await changeValue(redis, entry, () => 'refused')).toBe('refused');
  expect(await redis.getMany(['value'])).toEqual([undefined]);
});

it('gives up after as many rounds as it may take', async () => {
  const redis = createInProcessRedis({ now: () => 0 });
  let rounds = 0;
  const replace = async () => {
    rounds += 1;
    return false;
  };
  expect(await changeValue({ ...redis, replace }, entry, increment)).toBe('refused');
  expect(rounds).toBe(20);
  expect(await changeValue({ ...redis, replace }, { ...entry, rounds: 1 }, increment)).toBe(
    'refused',
  );
  expect(rounds).toBe(21);
});
