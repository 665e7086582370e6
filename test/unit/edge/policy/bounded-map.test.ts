import { expect, it } from 'vitest';
import { setBounded } from '../../../../edge/policy/bounded-map.ts';

it('forgets the entry set longest ago once it is full', () => {
  const map = new Map<string, number>();
  for (const entry of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    setBounded(map, entry, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});
