import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/contract/fault.ts';
import { MAX_JSON_DEPTH, parseJsonBody } from '../../../../core/contract/json-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

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

  it('leaves opaque data alone', () => {
    const body = { tools: [{ function: { parameters: { properties: { base_url: {} } } } }] };
    expect(parseJsonBody(bytes(JSON.stringify(body)))).toEqual(body);
  });

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
