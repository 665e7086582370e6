import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../../../core/ledger/count-tokens.ts';

const count = (text: string, moreBytes = 0) => countTokens({ text, moreBytes });

describe('counting tokens', () => {
  it.each([
    ['nothing', '', 0],
    ['words', 'Hello world', 2],
    ['a special token as the text that it is', '<|endoftext|>', 7],
    ['half a character', '\ud83d', 1],
  ])('counts %s', async (_, text, tokens) => {
    expect(await count(text)).toBe(tokens);
  });

  it('counts a long text as if it were counted at once', async () => {
    // 9 words, a full stop and the space before the next "The" make 10 tokens.
    expect(await count('The quick brown fox jumps over the lazy dog. '.repeat(200).trim())).toBe(
      2_000,
    );
  });

  it('takes what was not kept to be like what was', async () => {
    const text = 'Hello world.'.repeat(10);
    expect(await count(text, 2 * text.length)).toBe(3 * (await count(text)));
    expect(await count('', 7)).toBe(7);
  });

  it('counts no more than there are bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 3000 }), async (text) => {
        expect(await count(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
      { numRuns: 30 },
    ));

  it('lets others have their turn within the longest text, which has no spaces', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 0);
    await count('漢'.repeat(65_536));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
  });
});
