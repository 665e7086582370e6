/**
 * Vectors without a model: each character trigram of each word counts at an axis and with a sign that
 * its hash chooses. Texts that share parts of words are close; meaning plays no role.
 */
import type { EmbeddingRequest, EmbeddingResponse } from '../../../core/contract/embeddings.ts';
import { countTokens } from './tokens.ts';

const DEFAULT_DIMENSIONS = 256;

export function createEmbeddings(request: EmbeddingRequest): EmbeddingResponse {
  const inputs = toInputs(request.input);
  const prompt_tokens = inputs.reduce((total, input) => total + countInput(input), 0);
  return {
    object: 'list',
    data: inputs.map((input, index) => {
      const text = typeof input === 'string' ? input : input.join(' ');
      const vector = embed(text, request.dimensions ?? DEFAULT_DIMENSIONS);
      const embedding = request.encoding_format === 'base64' ? toBase64(vector) : vector;
      return { object: 'embedding', index, embedding };
    }),
    model: request.model,
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  };
}

type Input = string | readonly number[];

/** One text, one text as token ids, or a list of either. */
function toInputs(input: EmbeddingRequest['input']): readonly Input[] {
  if (typeof input === 'string') return [input];
  const tokens = input.filter((item) => typeof item === 'number');
  return tokens.length > 0 ? [tokens] : input.filter((item) => typeof item !== 'number');
}

const countInput = (input: Input): number =>
  typeof input === 'string' ? countTokens(input) : input.length;

/** A vector of length 1; the same text always has the same one. */
function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const trigram of trigrams(text)) {
    const hash = fnv1a(trigram);
    const axis = hash % dimensions;
    vector[axis] = (vector[axis] ?? 0) + (hash >>> 31 === 0 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  // A text without words has no trigram, and on few axes they can cancel each other out.
  if (length === 0) return vector.map((_, axis) => (axis === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}

function trigrams(text: string): readonly string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const characters = [...`<${word}>`];
    return characters.slice(2).map((_, start) => characters.slice(start, start + 3).join(''));
  });
}

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

const toBase64 = (vector: readonly number[]): string =>
  Buffer.from(Float32Array.from(vector).buffer).toString('base64');
