import { expect, it } from 'vitest';
import { parseCacheControl } from '../../../../edge/policy/cache-control.ts';

const NONE = { noStore: false, noCache: false, onlyIfCached: false, maxAgeSeconds: undefined };

it.each([
  [undefined, {}],
  ['', {}],
  ['no-store', { noStore: true }],
  ['No-Cache', { noCache: true }],
  ['only-if-cached, max-age=60', { onlyIfCached: true, maxAgeSeconds: 60 }],
  ['max-age="0"', { maxAgeSeconds: 0 }],
  ['max-age = 5', { maxAgeSeconds: 5 }],
  ['max-age', { maxAgeSeconds: 0 }],
  ['max-age=-1', { maxAgeSeconds: 0 }],
  ['max-age=soon', { maxAgeSeconds: 0 }],
  ['x-no-store, private', {}],
])('reads %j', (header, directives) => {
  expect(parseCacheControl(header)).toEqual({ ...NONE, ...directives });
});
