import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientRequestId, mintRequestId } from '../../../../edge/policy/request-id.ts';

const random = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('mintRequestId', () => {
  it('is a UUIDv7 for every time and randomness', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), random, (now, bytes) => {
        expect(mintRequestId(now, bytes)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), random, random, (now, a, b) => {
        expect(mintRequestId(now, a) < mintRequestId(now + 1, b)).toBe(true);
      }),
    );
  });

  it('keeps all of the randomness that the format has room for', () => {
    expect(mintRequestId(0x0123456789ab, new Uint8Array(10).fill(0xff))).toBe(
      '01234567-89ab-7fff-bfff-ffffffffffff',
    );
  });
});

describe('clientRequestId', () => {
  it.each([
    ['passes visible ASCII', 'order-42/αβγ retry', 'order-42/retry'],
    ['cuts at 128 characters', 'x'.repeat(200), 'x'.repeat(128)],
    ['drops control characters', 'a\r\nb\u0000c', 'abc'],
    ['is absent when nothing is left', ' \t', undefined],
    ['is absent without a header', undefined, undefined],
  ] as const)('%s', (_, header, id) => {
    expect(clientRequestId(header)).toBe(id);
  });
});
