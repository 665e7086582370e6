/** Servers of one's own that speak the OpenAI wire: Ollama, llama.cpp, vLLM, LM Studio, the demonstration model. */
import { createOpenAiWireAdapter, type OpenAiWireAdapterOptions } from '../openai-wire/adapter.ts';
import type { ModelInfo, ProviderAdapter } from '../provider.ts';
import { toLocalBody } from './request.ts';

/** How long a list of models is believed; a model pulled later shows up within this time. */
const MODELS_KEPT_MS = 30_000;
const LIST_WITHIN_MS = 2_000;
const ALL = '*';

export type LocalAdapterOptions = Omit<OpenAiWireAdapterOptions, 'toBody' | 'listModels'> & {
  /** The models of the configuration; "*" offers all that the server reports. */
  readonly models: readonly string[];
};

export function createLocalAdapter({ models, ...options }: LocalAdapterOptions): ProviderAdapter {
  const { now } = options;
  let known: { readonly models: readonly ModelInfo[]; readonly at: number } | undefined;

  return createOpenAiWireAdapter({
    ...options,
    toBody: toLocalBody,
    async listModels(wire) {
      if (!known || now() - known.at > MODELS_KEPT_MS) {
        const reported = await wire.listModels(AbortSignal.timeout(LIST_WITHIN_MS)).catch(() => []);
        known = { models: offered(reported, models), at: now() };
      }
      return known.models;
    },
  });
}

/** Those of the configuration, described as the server does; a server that is down still has its listed models. */
function offered(reported: readonly ModelInfo[], models: readonly string[]): readonly ModelInfo[] {
  if (models.includes(ALL)) return reported;
  return models.map((id) => reported.find((model) => model.id === id) ?? { id });
}
