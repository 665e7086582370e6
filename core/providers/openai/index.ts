/** OpenAI, and every hosted server that speaks its wire by base URL: Azure's v1 endpoint, Bedrock's, and others. */
import { createOpenAiWireAdapter, type OpenAiWireAdapterOptions } from '../openai-wire/adapter.ts';
import { toChatBody } from '../openai-wire/request.ts';
import type { ProviderAdapter } from '../provider.ts';

export type OpenAiAdapterOptions = Omit<OpenAiWireAdapterOptions, 'toBody' | 'listModels'> & {
  /** The models of the configuration: a hosted account lists far more than the gateway offers. */
  readonly models: readonly string[];
};

export function createOpenAiAdapter({ models, ...options }: OpenAiAdapterOptions): ProviderAdapter {
  return createOpenAiWireAdapter({
    ...options,
    toBody: toChatBody,
    listModels: async () => models.map((id) => ({ id })),
  });
}
