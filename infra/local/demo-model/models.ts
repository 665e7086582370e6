/** What the demonstration model offers, and that it says what it is. */

const describe = (id: string, description: string) => ({
  id,
  object: 'model',
  created: 1_767_225_600,
  owned_by: 'ai-model-gateway',
  description: `A demonstration, not a language model: ${description}`,
});

export const DEMO_MODELS = [
  describe('demo-shop-assistant', 'it calls a product search and repeats what the search found.'),
  describe('demo-embedding', 'its vectors are hashed character trigrams and know no meaning.'),
] as const;
