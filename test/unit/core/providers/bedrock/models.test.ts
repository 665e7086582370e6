import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../../../../core/providers/bedrock/models.ts';

describe('what a model id tells', () => {
  it.each([
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', {}],
    ['anthropic.claude-3-haiku-20240307-v1:0', {}],
    ['us.anthropic.claude-3-7-sonnet-20250219-v1:0', { reasoning: 'budget' }],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', { reasoning: 'budget' }],
    ['us.anthropic.claude-opus-4-1-20250805-v1:0', { reasoning: 'budget' }],
    ['global.anthropic.claude-haiku-4-5-20251001-v1:0', { reasoning: 'budget' }],
    ['global.anthropic.claude-sonnet-4-6', { reasoning: 'adaptive' }],
    ['us.anthropic.claude-opus-4-7', { reasoning: 'adaptive' }],
    ['us.anthropic.claude-opus-5', { reasoning: 'adaptive' }],
    ['us.amazon.nova-2-lite-v1:0', { reasoning: 'nova' }],
    ['amazon.nova-pro-v1:0', {}],
    ['openai.gpt-oss-120b-1:0', { reasoning: 'effort' }],
    ['us.meta.llama4-scout-17b-instruct-v1:0', { toolsUnstreamed: true }],
    ['amazon.titan-embed-text-v2:0', { embeddings: 'titan' }],
    ['us.cohere.embed-v4:0', { embeddings: 'cohere' }],
    [
      'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6',
      { reasoning: 'adaptive' },
    ],
    ['arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3', {}],
  ])('%s', (id, traits) => {
    expect(traitsOf(id)).toEqual(traits);
  });
});
