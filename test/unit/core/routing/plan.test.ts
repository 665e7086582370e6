import { describe, expect, it } from 'vitest';
import { planAttempts } from '../../../../core/routing/plan.ts';

const providers = [
  { name: 'openai', priority: 1, models: ['gpt-5', 'shared'] },
  { name: 'ollama', priority: 2, models: ['*'] },
  { name: 'vllm', priority: 3, models: ['shared', 'org/llama'] },
];

describe('planAttempts', () => {
  it.each([
    ['openai/gpt-5', 'openai', 'gpt-5'],
    ['gpt-5', 'openai', 'gpt-5'],
    ['ollama/anything:7b', 'ollama', 'anything:7b'],
    ['vllm/org/llama', 'vllm', 'org/llama'],
    ['org/llama', 'vllm', 'org/llama'],
  ])('%s is %s with %s', (requested, provider, model) => {
    expect(planAttempts(requested, providers)).toEqual([{ provider, model }]);
  });

  it.each([
    'no-such',
    'openai/no-such',
    'openai/',
    '/gpt-5',
    'GPT-5',
    'gpt-5 ',
    'ｇpt-5',
    '../gpt-5',
    '*',
  ])('%j is nowhere', (requested) =>
    expect(planAttempts(requested, providers)).toMatchObject({ code: 'model_not_found' }),
  );

  it('names the choices when a bare name is ambiguous', () => {
    expect(planAttempts('shared', providers)).toMatchObject({
      code: 'model_not_found',
      message: expect.stringContaining('openai/shared, vllm/shared'),
    });
  });
});
