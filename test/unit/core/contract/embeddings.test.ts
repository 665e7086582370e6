import { describe, expect, it } from 'vitest';
import { parseEmbeddingRequest } from '../../../../core/contract/embeddings.ts';

describe('parseEmbeddingRequest', () => {
  it.each<[string, string | number[] | string[] | number[][]]>([
    ['a text', 'red lamp'],
    ['texts', ['red lamp', 'blue lamp']],
    ['tokens', [1, 2]],
    ['lists of tokens', [[1, 2], [3]]],
    ['as many texts as OpenAI takes', Array(2_048).fill('a')],
  ])('takes %s', (_, input) => {
    expect(parseEmbeddingRequest({ model: 'm', input })).toEqual({ model: 'm', input });
  });

  it.each([
    ['nothing', undefined, 'input', '"input" is required.'],
    ['an object', {}, 'input', '"input" must be a string or a list.'],
    ['an empty text', '', 'input', '"input" must not be empty.'],
    ['an empty list', [], 'input', '"input" must not be empty.'],
    ['an empty text in a list', ['a', ''], 'input.1', '"input.1" must not be empty.'],
    ['half a token', [1, 1.5], 'input.1', '"input.1" must be a whole number.'],
    ['a text too many', Array(2_049).fill('a'), 'input', '"input" must have at most 2048 items.'],
    ['a million empty lists', Array(1_000_000).fill([]), 'input', expect.stringContaining('2048')],
  ])('refuses %s and says why', (_, input, param, message) => {
    const body = { model: 'm', ...(input !== undefined && { input }) };
    expect(parseEmbeddingRequest(body)).toMatchObject({ message, options: { param } });
  });
});
