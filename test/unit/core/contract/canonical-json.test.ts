import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../../../core/contract/canonical-json.ts';
import type { Json } from '../../../../core/contract/json-body.ts';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

it.each([
  ['key order', '{"b":1,"a":{"d":1,"c":2}}', '{"a":{"c":2,"d":1},"b":1}'],
  ['white space', '{ "a" : [ 1 , 2 ] }', '{"a":[1,2]}'],
  ['number form', '{"a":[1.0,1e2,-0,0.10]}', '{"a":[1,100,0,0.1]}'],
  ['escapes', '{"\\u0061":"\\/"}', '{"a":"/"}'],
])('%s does not matter', (_, text, canonical) => {
  expect(canonicalJson(JSON.parse(text))).toBe(canonical);
});

it('keeps the order of a list, null, and the difference between absent and null', () => {
  expect(canonicalJson([2, 1, null, {}, { a: null }])).toBe('[2,1,null,{},{"a":null}]');
});

it('leaves out what is undefined', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

it('loses nothing', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('key order never decides whether two values are equal', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const same = canonicalJson(a) === canonicalJson(b);
      const shuffled = (value: Json): Json => JSON.parse(JSON.stringify(value, reversed));
      expect(canonicalJson(shuffled(a)) === canonicalJson(b)).toBe(same);
    }),
  );
});

function reversed(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
