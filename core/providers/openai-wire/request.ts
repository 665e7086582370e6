import type { LLMRequest } from '../provider.ts';

/**
 * The client's body with the target's model. Always a stream with usage: a broken connection then
 * shows at once, also for a client that waits for the whole answer.
 */
export function toChatBody({ model, wire }: LLMRequest): Readonly<Record<string, unknown>> {
  const { mcpContext: _, ...body } = wire;
  return {
    ...body,
    model,
    stream: true,
    stream_options: { ...wire.stream_options, include_usage: true },
  };
}
