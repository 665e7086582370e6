/**
 * What a model's id tells about it. An id that matches no row (the ARN of an application inference
 * profile, a model newer than this table) works too, without what the row would have added.
 */

/** How a model is asked to think: see `reasoning.ts`. */
export type ReasoningStyle = 'adaptive' | 'budget' | 'effort' | 'nova';

export interface ModelTraits {
  readonly reasoning?: ReasoningStyle;
  /** Tools work with Converse alone: ConverseStream refuses them. */
  readonly toolsUnstreamed?: true;
  readonly embeddings?: 'titan' | 'cohere';
}

/** The first match wins. Ids carry a region's prefix (`us.`, `global.`) or are the end of an ARN. */
const ROWS: readonly (readonly [RegExp, ModelTraits])[] = [
  [/anthropic\.claude-(v2|instant|3-(5|haiku|opus|sonnet))/, {}],
  [/anthropic\.claude-(3-7|(opus|sonnet)-4-(20|1-|5-)|haiku-4-5)/, { reasoning: 'budget' }],
  // Claude 4.6 deprecates budgets and 4.7 refuses them, so newer ones are taken to be alike.
  [/anthropic\.claude-/, { reasoning: 'adaptive' }],
  [/amazon\.nova-2-/, { reasoning: 'nova' }],
  [/openai\.gpt-oss/, { reasoning: 'effort' }],
  [/meta\.llama/, { toolsUnstreamed: true }],
  [/amazon\.titan-embed-text/, { embeddings: 'titan' }],
  [/cohere\.embed/, { embeddings: 'cohere' }],
];

export const traitsOf = (model: string): ModelTraits =>
  ROWS.find(([id]) => id.test(model))?.[1] ?? {};
