import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequestMetadata } from '../../../../core/contract/request-metadata.ts';

const entries = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n])));

describe('x-gateway-metadata', () => {
  it('is nothing when it is not sent', () => {
    expect(parseRequestMetadata(undefined)).toBeUndefined();
  });

  it('keeps texts, numbers and booleans by their names', () => {
    const metadata = { team: 'search', attempt: 2, ratio: 0.5, beta: true };
    expect(parseRequestMetadata(JSON.stringify(metadata))).toEqual(metadata);
  });

  it.each([
    ['sixteen entries', entries(16)],
    ['exactly 1,024 bytes', JSON.stringify({ k: 'x'.repeat(1_024 - '{"k":""}'.length) })],
  ])('takes %s', (_, header) => {
    expect(parseRequestMetadata(header)).toEqual(JSON.parse(header));
  });

  it.each([
    ['seventeen entries', entries(17)],
    ['1,025 bytes', JSON.stringify({ k: 'x'.repeat(1_025 - '{"k":""}'.length) })],
    ['an object within', '{"a":{"b":1}}'],
    ['a list', '["a"]'],
    ['null within', '{"a":null}'],
    ['a number without an end', '{"a":1e999}'],
    ['text', '"team"'],
    ['no JSON', 'team=search'],
    ['nothing at all', ''],
  ])('refuses %s, and names the header and its bounds', (_, header) => {
    expect(parseRequestMetadata(header)).toMatchObject({
      code: 'invalid_parameter',
      message:
        'The header x-gateway-metadata must be a JSON object of at most 16 texts, numbers or booleans and 1024 bytes.',
      options: { param: 'x-gateway-metadata' },
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (header) => {
        parseRequestMetadata(header);
      }),
    );
  });
});
