import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmbeddings } from '../../../../../infra/local/demo-model/embeddings.ts';

const embed = (text: string, dimensions?: number): number[] => {
  const [item] = createEmbeddings({ model: 'demo-embedding', input: text, dimensions }).data;
  return Array.isArray(item?.embedding) ? item.embedding : [];
};
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, axis) => sum + value * (b[axis] ?? 0), 0);

describe('an embedding', () => {
  it('has length 1 and as many numbers as asked for, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 64 }),
        (text, dimensions) => {
          const vector = embed(text, dimensions);
          expect(vector).toHaveLength(dimensions);
          expect(dot(vector, vector)).toBeCloseTo(1, 6);
          expect(embed(text, dimensions)).toEqual(vector);
        },
      ),
    );
  });

  it('is nearer to a text that shares words than to one that shares none', () => {
    const asked = embed('wireless headphones');
    expect(dot(asked, embed('Headphone, wireless'))).toBeGreaterThan(0.5);
    expect(dot(asked, embed('espresso machine'))).toBeLessThan(0.3);
  });

  it.each([
    ['a text', 'abcde', 1, 2],
    ['several texts', ['abcd', 'efgh'], 2, 2],
    ['token ids', [1, 2, 3], 1, 3],
    ['several lists of token ids', [[1, 2], [3]], 2, 3],
  ])('counts the tokens of %s', (_, input, count, tokens) => {
    const { data, usage } = createEmbeddings({ model: 'demo-embedding', input });
    expect(data.map(({ index }) => index)).toEqual([...Array(count).keys()]);
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
  });
});
