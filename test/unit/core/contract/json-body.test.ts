import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import {
  isJsonContentType,
  MAX_JSON_DEPTH,
  parseJsonBody,
} from '../../../../core/contract/json-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

function measureMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('isJsonContentType', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON ; charset=utf-8', true],
    ['application/jsonl', false],
    ['text/plain', false],
    [undefined, false],
    [null, false],
  ])('says of %s: %s', (header, expected) => expect(isJsonContentType(header)).toBe(expected));
});

describe('parseJsonBody', () => {
  it.each([
    ['broken JSON', bytes('{"model":'), 'invalid_json'],
    ['nothing', bytes(''), 'invalid_json'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'invalid_json'],
    ['a byte order mark', bytes('\ufeff{}'), 'invalid_json'],
    ['an array', bytes('[]'), 'invalid_json'],
    ['null', bytes('null'), 'invalid_json'],
    ['an unpaired surrogate', bytes('{"a":"\\ud800"}'), 'invalid_json'],
    ['an unpaired surrogate in a name', bytes('{"\\udc00":1}'), 'invalid_json'],
    ['one level too many', bytes(nested(MAX_JSON_DEPTH + 1)), 'invalid_json'],
    ['ten thousand levels', bytes(nested(10_000)), 'invalid_json'],
    ['a number beyond doubles', bytes('{"a":1e400}'), 'invalid_parameter'],
    ['an integer that would be rounded', bytes('{"a":9007199254740993}'), 'invalid_parameter'],
    ['a prototype', bytes('{"a":{"__proto__":{}}}'), 'unknown_field'],
    ['a prototype in opaque data', bytes('{"metadata":{"__proto__":{}}}'), 'unknown_field'],
    ['a routing field', bytes('{"api_base":"http://x"}'), 'unknown_field'],
    ['a routing field in a message', bytes('{"messages":[{"base_url":1}]}'), 'unknown_field'],
  ])('refuses %s', (_, body, code) => {
    expect(parseJsonBody(body)).toMatchObject({ code });
  });

  it('names the field that is not accepted by its path', () => {
    expect(parseJsonBody(bytes('{"a":[{"api_key":1}]}'))).toMatchObject({
      options: { param: 'a.0.api_key' },
    });
  });

  it('takes the last of duplicate keys', () => {
    expect(parseJsonBody(bytes('{"model":"cheap","model":"gold"}'))).toEqual({ model: 'gold' });
  });

  it.each([
    ['a routing field', '{"api_base":1}', "the gateway's configuration alone chooses providers"],
    ['a prototype', '{"__proto__":1}', 'JSON readers disagree on what it means'],
  ])('says why %s is not accepted', (_, text, reason) => {
    expect(parseJsonBody(bytes(text))).toMatchObject({ message: expect.stringContaining(reason) });
  });

  it.each([
    ['a schema', { tools: [{ function: { parameters: { properties: { base_url: {} } } } }] }],
    [
      'arguments',
      { params: { name: 'fetch', arguments: { base_url: 'x', deep: [{ api_key: 1 }] } } },
    ],
  ])('leaves %s alone', (_, body) => {
    expect(parseJsonBody(bytes(JSON.stringify(body)))).toEqual(body);
  });

  it('forgets opaque data when it leaves it', () => {
    expect(parseJsonBody(bytes('{"a":[{"metadata":{}},{"api_base":1}]}'))).toMatchObject({
      options: { param: 'a.1.api_base' },
    });
  });

  it.each(['0', '"a"', '{"b":1}', '[]'])(
    'reads 4 MB of %s in little more than it takes to parse',
    (item) => {
      const count = Math.floor(4_000_000 / (item.length + 1));
      const text = `{"model":"x","a":[${Array(count).fill(item).join()}]}`;
      const body = bytes(text);
      const parsingMs = measureMs(() => JSON.parse(text));
      const heapBefore = process.memoryUsage().heapUsed;
      const readingMs = measureMs(() => expect(parseJsonBody(body)).not.toBeInstanceOf(Fault));
      expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(200_000_000);
      expect(readingMs).toBeLessThan(5 * parsingMs + 500);
    },
  );

  it('reads the greatest depth that is allowed', () => {
    expect(parseJsonBody(bytes(nested(MAX_JSON_DEPTH)))).not.toBeInstanceOf(Fault);
  });

  it('reads any ordinary object back whole', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue()), (body) => {
        fc.pre(!/__proto__|\d{16}|e[+-]\d/.test(JSON.stringify(body)));
        expect(parseJsonBody(bytes(JSON.stringify(body)))).toEqual(
          JSON.parse(JSON.stringify(body)),
        );
      }),
    ));
});
