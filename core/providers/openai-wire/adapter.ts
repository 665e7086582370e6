/** The port over the OpenAI wire; `openai` and `local` differ in what they pass in. */
import { collectResponse } from '../collect.ts';
import type { LLMRequest, ModelInfo, ProviderAdapter } from '../provider.ts';
import {
  type ChatBody,
  createOpenAiWire,
  type OpenAiWire,
  type OpenAiWireOptions,
} from './client.ts';

/** Asking whether a server is there must not take as long as asking it something. */
const AVAILABLE_WITHIN_MS = 2_000;

export interface OpenAiWireAdapterOptions {
  readonly name: string;
  readonly connection: Omit<OpenAiWireOptions, 'now'>;
  readonly toBody: (request: LLMRequest) => ChatBody;
  readonly listModels: (wire: OpenAiWire) => Promise<readonly ModelInfo[]>;
  readonly price: ProviderAdapter['price'];
  readonly estimateCost: ProviderAdapter['estimateCost'];
  readonly now: () => number;
}

export function createOpenAiWireAdapter(options: OpenAiWireAdapterOptions): ProviderAdapter {
  const { name, connection, toBody, price, now } = options;
  const wire = createOpenAiWire({ ...connection, now });
  const streamCompletion: ProviderAdapter['streamCompletion'] = (request, call) =>
    wire.streamChat(toBody(request), request, call);
  return {
    name,
    listModels: () => options.listModels(wire),
    streamCompletion,
    price,
    estimateCost: options.estimateCost,
    generateCompletion: (request, call) =>
      collectResponse(streamCompletion(request, call), {
        provider: name,
        model: request.model,
        requestId: call.requestId,
        price,
        now,
      }),
    createEmbeddings: (request, call) => wire.embed(request, call),
    isAvailable: () =>
      wire.listModels(AbortSignal.timeout(AVAILABLE_WITHIN_MS)).then(
        () => true,
        () => false,
      ),
  };
}
