import type { LLMRequest } from '../provider.ts';

/**
 * The client's body with the target's model. Always a stream with usage: a broken connection then
 * shows at once, also for a client that waits for the whole answer.
 */
export function toChatBody({
  model,
  wire,
  maxTokens,
}: LLMRequest): Readonly<Record<string, unknown>> {
  const { mcpContext: _, ...body } = wire;
  const isBounded = (wire.max_completion_tokens ?? wire.max_tokens) != null;
  return {
    ...body,
    // The gateway's own bound goes by the name that every server knows but OpenAI's reasoning models.
    ...(!isBounded && maxTokens !== undefined && { [boundName(model)]: maxTokens }),
    model,
    stream: true,
    stream_options: { ...wire.stream_options, include_usage: true },
  };
}

const boundName = (model: string): 'max_completion_tokens' | 'max_tokens' =>
  /^(gpt-(4o|4\.|5)|o\d|chatgpt)/.test(model) ? 'max_completion_tokens' : 'max_tokens';
