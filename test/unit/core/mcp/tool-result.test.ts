import { expect, it } from 'vitest';
import * as z from 'zod';
import { toolResult } from '../../../../core/mcp/tool-result.ts';

const MAX_BYTES = 32 * 1024;

const form = {
  outputSchema: z.looseObject({ words: z.array(z.string()) }),
  toText: ({ words }: { words: string[] }) => words.join(' '),
};
const wordsOf = (bytes: number) => ({ words: ['x'.repeat(bytes)] });

it('sends text beside the structured answer', () => {
  expect(toolResult(form, [{ words: ['a', 'b'] }])).toEqual({
    content: [{ type: 'text', text: 'a b' }],
    structuredContent: { words: ['a', 'b'] },
  });
});

it('sends the first rendering whose text and structure fit together', () => {
  const half = MAX_BYTES / 2;
  const { structuredContent } = toolResult(form, [wordsOf(half), wordsOf(half - 100), wordsOf(1)]);
  expect(structuredContent).toEqual(wordsOf(half - 100));
});

it('is an error, with nothing structured, when no rendering fits', () => {
  const result = toolResult(form, [wordsOf(MAX_BYTES)]);
  expect(result).toMatchObject({ isError: true });
  expect(result).not.toHaveProperty('structuredContent');
});

it('never sends what its schema does not describe', () => {
  expect(() => toolResult(form, [JSON.parse('{ "words": [1] }')])).toThrow();
});
