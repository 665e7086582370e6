import { describe, expect, it } from 'vitest';
import { toEmbeddings } from '../../../../../core/providers/openai-wire/embeddings.ts';

const request = { model: 'asked', input: ['one', 'two'] };
const vector = (index: number) => ({ object: 'embedding', index, embedding: [index] });
const usage = { prompt_tokens: 3, total_tokens: 3 };
const whole = { object: 'list', data: [vector(0), vector(1)], model: 'up', usage };

describe('toEmbeddings', () => {
  it.each([
    ['as it should be', whole, whole],
    ['in another order', { ...whole, data: [vector(1), vector(0)] }, whole],
    ['with fields that nobody knows', { ...whole, id: 'x' }, { ...whole, id: 'x' }],
    [
      'without all that can be told without it',
      { data: [{ embedding: [0] }, { embedding: [1] }] },
      { object: 'list', data: [vector(0), vector(1)], model: 'asked' },
    ],
    ['counted in part', { ...whole, usage: { prompt_tokens: 3 } }, whole],
    ['counted in total', { ...whole, usage: { total_tokens: 3 } }, whole],
    [
      'not counted',
      { ...whole, usage: { prompt_tokens: null } },
      { object: 'list', data: whole.data, model: 'up' },
    ],
  ])('reads an answer %s', (_, body, answer) =>
    expect(toEmbeddings(body, request)).toEqual(answer),
  );

  it.each([
    ['a vector for each input', [vector(0)]],
    ['no more vectors than inputs', [vector(0), vector(1), vector(2)]],
    ['each input once', [vector(0), vector(0)]],
    ['inputs that there are', [vector(1), vector(2)]],
    ['vectors', [vector(0), { index: 1 }]],
  ])('wants %s', (_, data) =>
    expect(toEmbeddings({ ...whole, data }, request)).toMatchObject({ reason: 'bad-response' }),
  );

  it.each([
    ['a text', 'one'],
    ['tokens', [1, 2, 3]],
    ['a list of one', ['one']],
    ['a list of tokens of one', [[1, 2, 3]]],
  ])('takes %s for one input', (_, input) =>
    expect(toEmbeddings({ data: [vector(0)] }, { model: 'm', input })).toMatchObject({
      data: [vector(0)],
    }),
  );

  it('reads an error as the HTTP error that it equals', () =>
    expect(toEmbeddings({ error: { code: 429 } }, request)).toMatchObject({
      reason: 'rate-limited',
    }));
});
