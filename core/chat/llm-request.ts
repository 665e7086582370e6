import type { ChatRequest } from '../contract/chat.ts';
import type { Principal } from '../contract/principal.ts';
import type { LLMRequest } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';

/** What almost every model can give in one answer; a reasoning model needs more to think. */
const DEFAULT_OUTPUT = 4_096;
const DEFAULT_OUTPUT_REASONING = 32_768;

interface AskedFor {
  readonly request: ChatRequest;
  readonly principal: Pick<Principal, 'budgets'>;
}

/** The client's request as one target sees it; made anew for each attempt from the same frozen body. */
export function toLLMRequest(
  { model, reasoning }: Pick<Target, 'model' | 'reasoning'>,
  { request, principal }: AskedFor,
): LLMRequest {
  const asked = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  // What is reserved of a budget is the most that can be spent only if the provider is told the same bound.
  const isOpen = asked === undefined && principal.budgets.length > 0;
  const bound = reasoning ? DEFAULT_OUTPUT_REASONING : DEFAULT_OUTPUT;
  return {
    model,
    messages: request.messages,
    temperature: request.temperature ?? undefined,
    maxTokens: isOpen ? bound : asked,
    wire: withOneBound(request),
  };
}

/** Of two bounds some servers obey the older: it must not be another one than was reserved for. */
function withOneBound(request: ChatRequest): ChatRequest {
  if (request.max_completion_tokens == null) return request;
  const { max_tokens: _, ...bounded } = request;
  return bounded;
}
