import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understand } from '../../../../../infra/local/demo-model/question.ts';

describe('the words of a question', () => {
  it.each([
    ['Which headphones do you have under 200?', ['headphones']],
    [
      'I’m looking for a noise-cancelling USB-C headset, please!',
      ['noise-cancelling', 'usb-c', 'headset'],
    ],
    ['Tea, tea and green tea', ['tea', 'green']],
    ['Do you sell Kopfhörer?', ['kopfhörer']],
    ['What do you have?', []],
    ['', []],
  ])('%j → %j', (text, words) => {
    expect(understand(text).words).toEqual(words);
  });
});

describe('the price bounds of a question, in hundredths', () => {
  it.each([
    ['headphones under 200', undefined, 20_000],
    ['headphones below $49.99.', undefined, 4_999],
    ['a TV for no more than €1.299,50', undefined, 129_950],
    ['a TV for less than 1,299 dollars', undefined, 129_900],
    ['shoes between 50 and 80 euros', 5_000, 8_000],
    ['shoes from $50 to $80', 5_000, 8_000],
    ['a watch over 100', 10_000, undefined],
    ['at least 10 but at most 20', 1_000, 2_000],
    ['a laptop under 15 inches', undefined, undefined],
    ['over-ear headphones with 40 hours', undefined, undefined],
  ])('%j: %s to %s', (text, min, max) => {
    const { minPriceCents, maxPriceCents } = understand(text);
    expect([minPriceCents, maxPriceCents]).toEqual([min, max]);
  });

  it('are never anything but whole and not negative', () => {
    const amount = fc.stringMatching(/^[0-9][0-9.,]{0,30}$/);
    fc.assert(
      fc.property(amount, (written) => {
        const { maxPriceCents } = understand(`a lamp under ${written}`);
        expect(Number.isSafeInteger(maxPriceCents) && Number(maxPriceCents) >= 0).toBe(true);
      }),
    );
  });
});
