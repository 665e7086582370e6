import { describe, expect, it } from 'vitest';
import { toUsage } from '../../../../../core/providers/openai-wire/fields.ts';

const counts = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

describe('toUsage', () => {
  it.each([
    ['whole', counts, counts],
    [
      'without a total',
      { prompt_tokens: 3, completion_tokens: 2 },
      { prompt_tokens: 3, completion_tokens: 2 },
    ],
    [
      'without its completion',
      { prompt_tokens: 3, total_tokens: 5 },
      { prompt_tokens: 3, total_tokens: 5 },
    ],
    ['with details that are null', { ...counts, prompt_tokens_details: null }, counts],
    ['with fields that nobody knows', { ...counts, cost: 1 }, { ...counts, cost: 1 }],
    ['that counts the prompt alone', { prompt_tokens: 3 }, { prompt_tokens: 3 }],
    ['of nulls', { prompt_tokens: null, completion_tokens: null }, undefined],
    ['that is empty', {}, undefined],
    ['that is no object', 'none', undefined],
    ['that is null', null, undefined],
  ])('reads usage %s', (_, told, usage) => expect(toUsage(told)).toEqual(usage));
});
