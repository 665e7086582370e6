import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmbeddingRequest } from '../../../../../core/contract/embeddings.ts';
import {
  type EmbeddingAnswer,
  fromEmbeddingAnswer,
  toEmbeddingCalls,
  toEmbeddingResponse,
} from '../../../../../core/providers/bedrock/embeddings.ts';

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-multilingual-v3';
const bodiesOf = (request: EmbeddingRequest) =>
  toEmbeddingCalls(request).map(({ body }) => JSON.parse(body));

describe('calls for embeddings', () => {
  it('Titan takes one text a call', () => {
    const input = ['a', 'b'];
    expect(
      bodiesOf({ model: TITAN, input, dimensions: 256, user: 'u', encoding_format: 'float' }),
    ).toEqual([
      { inputText: 'a', dimensions: 256 },
      { inputText: 'b', dimensions: 256 },
    ]);
  });

  it('Cohere takes 96 texts a call, as documents to find', () => {
    const input = Array.from({ length: 200 }, (_, index) => `text ${index}`);
    const bodies = bodiesOf({ model: COHERE, input });
    expect(bodies.map(({ texts }) => texts.length)).toEqual([96, 96, 8]);
    expect(bodies.flatMap(({ texts }) => texts)).toEqual(input);
    expect(bodies[0]).toMatchObject({ input_type: 'search_document' });
  });

  it('what OpenAI does not know reaches the model', () => {
    const request = { model: COHERE, input: 'a', input_type: 'search_query', dimensions: 512 };
    expect(bodiesOf(request)).toEqual([
      { texts: ['a'], input_type: 'search_query', output_dimension: 512 },
    ]);
    expect(bodiesOf({ model: TITAN, input: 'a', normalize: false })).toEqual([
      { inputText: 'a', normalize: false },
    ]);
  });

  it.each([
    ['tokens', { model: TITAN, input: [1, 2] }, 'unsupported', 'input'],
    ['a list of tokens', { model: COHERE, input: ['a', [1]] }, 'unsupported', 'input'],
    ['a model that embeds nothing', { model: 'm', input: 'a' }, 'model-not-found', 'model'],
  ])('refuses %s', (_, request, reason, param) => {
    expect(() => toEmbeddingCalls(request)).toThrow(
      expect.objectContaining({ reason, details: { param } }),
    );
  });
});

describe('an answer with embeddings', () => {
  const one = { texts: ['a'], body: '' };
  const two = { texts: ['a', 'b'], body: '' };

  it.each([
    [
      "Titan's, which counts itself",
      one,
      { embedding: [1, 2], inputTextTokenCount: 3 },
      '9',
      { vectors: [[1, 2]], inputTokens: 3 },
    ],
    [
      "Cohere's, counted in a header",
      two,
      { embeddings: [[1], [2]] },
      '7',
      { vectors: [[1], [2]], inputTokens: 7 },
    ],
    [
      "Cohere's by type, uncounted",
      two,
      { embeddings: { float: [[1], [2]] } },
      undefined,
      { vectors: [[1], [2]], inputTokens: undefined },
    ],
    [
      'with a count that is none',
      one,
      { embedding: [1] },
      'many',
      { vectors: [[1]], inputTokens: undefined },
    ],
  ])('%s', (_, call, body, counted, answer) => {
    expect(fromEmbeddingAnswer(call, JSON.stringify(body), counted)).toEqual(answer);
  });

  it.each([
    ['not JSON', '<html>'],
    ['without vectors', '{}'],
    ['with an empty vector', '{"embedding":[]}'],
    ['with a vector missing', '{"embeddings":[[1]]}'],
  ])('%s is a bad response', (_, body) => {
    expect(() => fromEmbeddingAnswer(two, body, '1')).toThrow(
      expect.objectContaining({ reason: 'bad-response' }),
    );
  });
});

describe('the response', () => {
  const answers: EmbeddingAnswer[] = [
    { vectors: [[0.5, -1]], inputTokens: 2 },
    { vectors: [[1], [2]], inputTokens: 3 },
  ];

  it('keeps the order of the inputs and sums what was counted', () => {
    expect(toEmbeddingResponse({ model: TITAN, input: [] }, answers)).toEqual({
      object: 'list',
      model: TITAN,
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -1] },
        { object: 'embedding', index: 1, embedding: [1] },
        { object: 'embedding', index: 2, embedding: [2] },
      ],
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
  });

  it('tells no usage if one call was not counted', () => {
    const uncounted = [...answers, { vectors: [[3]], inputTokens: undefined }];
    const response = toEmbeddingResponse({ model: TITAN, input: [] }, uncounted);
    expect(response).not.toHaveProperty('usage');
  });

  it('base64 is the same numbers as little-endian 32-bit floats', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1 }), (numbers) => {
        const request = { model: TITAN, input: 'a', encoding_format: 'base64' as const };
        const { data } = toEmbeddingResponse(request, [{ vectors: [numbers], inputTokens: 1 }]);
        const bytes = Buffer.from(String(data[0]?.embedding), 'base64');
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        expect(numbers.map((_, index) => view.getFloat32(index * 4, true))).toEqual(numbers);
      }),
    );
  });
});
