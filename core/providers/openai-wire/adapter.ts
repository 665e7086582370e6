/** The port over the OpenAI wire; `openai` and `local` differ in what they pass in. */
import { billed } from '../../ledger/bill.ts';
import { collectResponse } from '../collect.ts';
import type { LLMRequest, ModelInfo, ProviderAdapter, ProviderPrices } from '../provider.ts';
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
  readonly prices: ProviderPrices;
  readonly now: () => number;
}

export function createOpenAiWireAdapter(options: OpenAiWireAdapterOptions): ProviderAdapter {
  const { name, connection, toBody, prices, now } = options;
  const wire = createOpenAiWire({ ...connection, now });
  const streamCompletion: ProviderAdapter['streamCompletion'] = (request, call) =>
    wire.streamChat(toBody(request), request, call);
  return {
    ...prices,
    name,
    listModels: () => options.listModels(wire),
    streamCompletion,
    generateCompletion: (request, call) =>
      collectResponse(
        billed(streamCompletion(request, call), request, (usage) =>
          prices.price(request.model, usage),
        ),
        { provider: name, model: request.model, requestId: call.requestId, now },
      ),
    createEmbeddings: (request, call) => wire.embed(request, call),
    isAvailable: () =>
      wire.listModels(AbortSignal.timeout(AVAILABLE_WITHIN_MS)).then(
        () => true,
        () => false,
      ),
  };
}
