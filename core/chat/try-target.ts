/** One attempt at one target: the request translated anew, and the time it may take. */
import type { ChatRequest } from '../contract/chat.ts';
import {
  type Call,
  type LLMRequest,
  type ProviderAdapter,
  ProviderFailure,
} from '../providers/provider.ts';
import type { Provider } from '../providers/registry.ts';
import type { Target } from '../routing/plan.ts';
import type { ChatCall, ChatDeps } from './chat-call.ts';

export interface Attempt {
  readonly adapter: ProviderAdapter;
  readonly request: LLMRequest;
  readonly call: Call;
}

/** Runs `work` with a call that ends when the client leaves, or when `timeoutMs` passes before `work` is done. */
export async function tryTarget<T>(
  target: Target,
  { call, deps }: { readonly call: ChatCall; readonly deps: ChatDeps },
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { adapter, config } = providerOf(target, deps);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new ProviderFailure('timeout')), config.timeoutMs);
  try {
    return await work({
      adapter,
      request: toLLMRequest(target.model, call.request),
      call: {
        requestId: call.requestId,
        signal: AbortSignal.any([call.signal, late.signal]),
        ...(call.traceparent && { traceparent: call.traceparent }),
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

function toLLMRequest(model: string, wire: ChatRequest): LLMRequest {
  return {
    model,
    messages: wire.messages,
    temperature: wire.temperature ?? undefined,
    maxTokens: wire.max_completion_tokens ?? wire.max_tokens ?? undefined,
    wire,
  };
}

function providerOf({ provider }: Target, { providers }: ChatDeps): Provider {
  const found = providers.get(provider);
  if (!found) throw new Error(`The plan names a provider that is not there: ${provider}`);
  return found;
}
