import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealedBox } from '../../../../core/state/sealed-box.ts';

const OLD = 'o'.repeat(43);
const NEW = 'n'.repeat(43);

const box = createSealedBox({ current: OLD });
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a sealed box', () => {
  it('gives back what was sealed, in its own context', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, context) => {
        expect(box.open(box.seal(bytes, context), context)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('opens in no other context', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (context, other) => {
        fc.pre(context !== other);
        expect(box.open(box.seal(bytesOf('value'), context), other)).toBeUndefined();
      }),
    );
  });

  it('opens nothing of which a bit has changed or an end is missing', () => {
    const sealed = box.seal(bytesOf('value'), 'here');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = sealed.map((byte, at) =>
          at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        );
        expect(box.open(changed, 'here')).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (length) => {
        expect(box.open(sealed.subarray(0, length), 'here')).toBeUndefined();
      }),
    );
  });

  it('shows nothing of its content, not even that two are the same', () => {
    const [one, two] = [box.seal(bytesOf('canary'), 'here'), box.seal(bytesOf('canary'), 'here')];
    expect(one).not.toEqual(two);
    expect(Buffer.from(one).includes('canary')).toBe(false);
  });

  it.each([
    ['the previous key, and seals with the new one', { current: NEW, previous: OLD }, true],
    ['no key that is not its own', { current: NEW }, false],
    ['what was sealed before a rotation was undone', { current: OLD, previous: NEW }, true],
  ])('opens with %s', (_, keys, opens) => {
    const other = createSealedBox(keys);
    expect(other.open(box.seal(bytesOf('value'), 'here'), 'here') !== undefined).toBe(opens);
    const isNew = box.open(other.seal(bytesOf('value'), 'here'), 'here') === undefined;
    expect(isNew).toBe(keys.current === NEW);
  });
});
