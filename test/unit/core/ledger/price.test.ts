import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billedTokens, price, worstCase } from '../../../../core/ledger/price.ts';

const own = { inputPerMillionUsd: 0.2, outputPerMillionUsd: 0.8, cacheReadPerMillionUsd: 0.05 };
const tokens = (input: number, cacheRead: number, output: number) => ({ input, cacheRead, output });

describe('price', () => {
  it.each([
    // 1000 × 0.2 + 500 × 0.8
    ['input and output', own, tokens(1000, 0, 500), 600],
    // 600 × 0.2 + 400 × 0.05 + 0
    ['cached input at its own price', own, tokens(1000, 400, 0), 140],
    [
      'cached input at the full price where no other is set',
      { inputPerMillionUsd: 0.2, outputPerMillionUsd: 0.8 },
      tokens(1000, 400, 0),
      200,
    ],
    ['a fraction rounded up', own, tokens(1, 0, 0), 1],
    ['no tokens', own, tokens(0, 0, 0), 0],
    // 3 × 0.1 is 0.30000000000000004 in binary
    [
      'no noise of binary fractions',
      { inputPerMillionUsd: 0.1, outputPerMillionUsd: 0 },
      tokens(30, 0, 0),
      3,
    ],
  ])('charges %s', (_, prices, usage, expected) => {
    expect(price({ model: 'm', own: prices }, usage)).toBe(expected);
  });

  it('knows the published price of a hosted model', () => {
    // gpt-4o-mini: $0.15 and $0.60 a million, $0.075 cached. https://openai.com/api/pricing
    const model = { model: 'gpt-4o-mini', vendor: 'openai' as const };
    expect(price(model, tokens(1_000_000, 0, 1_000_000))).toBe(750_000);
    expect(price(model, tokens(1_000_000, 1_000_000, 0))).toBe(75_000);
  });

  it.each([
    ['a hosted model that nobody has published', { model: 'no-such', vendor: 'openai' as const }],
    ["a server of one's own", { model: 'llama3' }],
  ])('calls %s unpriced, not free', (_, model) =>
    expect(price(model, tokens(1, 0, 1))).toBe('unpriced'),
  );
});

describe('worstCase', () => {
  it('is never below what the answer then costs', () =>
    fc.assert(
      fc.property(fc.string(), fc.nat(5000), fc.nat(5000), (text, maxTokens, output) => {
        const wire = { messages: [{ role: 'user', content: text }] };
        const worst = worstCase({ model: 'm', own }, { wire, maxTokens });
        const input = new TextEncoder().encode(text).byteLength;
        const usage = tokens(input, 0, Math.min(output, maxTokens));
        expect(worst).toBeGreaterThanOrEqual(Number(price({ model: 'm', own }, usage)));
      }),
    ));
});

describe('billedTokens', () => {
  it('counts cached tokens within the input', () => {
    expect(
      billedTokens({
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4 },
      }),
    ).toEqual(tokens(10, 4, 5));
  });
});
