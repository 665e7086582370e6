import type { ChatRequest } from '../contract/chat.ts';
import type { LLMRequest } from '../providers/provider.ts';

/** The client's request as one target sees it; made anew for each attempt from the same frozen body. */
export function toLLMRequest(model: string, wire: ChatRequest): LLMRequest {
  return {
    model,
    messages: wire.messages,
    temperature: wire.temperature ?? undefined,
    maxTokens: wire.max_completion_tokens ?? wire.max_tokens ?? undefined,
    wire,
  };
}
