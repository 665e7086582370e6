import { toChatBody } from '../openai-wire/request.ts';
import type { LLMRequest } from '../provider.ts';

/**
 * Ollama, llama.cpp, vLLM and LM Studio know the older names: `max_tokens`, and the role `system` for
 * what OpenAI calls `developer`.
 */
export function toLocalBody(request: LLMRequest): Readonly<Record<string, unknown>> {
  const { max_completion_tokens: _, max_tokens: __, ...body } = toChatBody(request);
  return {
    ...body,
    messages: request.messages.map((message) =>
      message.role === 'developer' ? { ...message, role: 'system' } : message,
    ),
    ...(request.maxTokens !== undefined && { max_tokens: request.maxTokens }),
  };
}
