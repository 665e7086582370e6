/** The one list of provider kinds: a new vendor is its folder and a line here. */
import type { ProviderConfig } from '../config/gateway-config.ts';
import type { Usage } from '../contract/chat.ts';
import { billedTokens, price, worstCase } from '../ledger/price.ts';
import { createLocalAdapter } from './local/index.ts';
import { createOpenAiAdapter } from './openai/index.ts';
import type { ProviderAdapter } from './provider.ts';

export interface Provider {
  readonly config: ProviderConfig;
  readonly adapter: ProviderAdapter;
}

export interface RegistryDeps {
  /** Resolves "secret:NAME" references. */
  readonly secret: (reference: string) => string;
  readonly upstreamFetch: (options: { readonly connectTimeoutMs: number }) => UpstreamFetch;
  readonly now: () => number;
}

type UpstreamFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The enabled providers, by name. */
export function createProviders(
  configs: readonly ProviderConfig[],
  deps: RegistryDeps,
): ReadonlyMap<string, Provider> {
  return new Map(
    configs
      .filter(({ enabled }) => enabled)
      .map((config) => [config.name, { config, adapter: createAdapter(config, deps) }]),
  );
}

function createAdapter(config: ProviderConfig, deps: RegistryDeps): ProviderAdapter {
  const { name, models } = config;
  const priced = (model: string) => ({
    model,
    vendor: config.kind === 'openai' ? config.kind : undefined,
    own: config.prices[model],
  });
  const common = {
    name,
    models,
    price: (model: string, usage: Usage) => price(priced(model), billedTokens(usage)),
    estimateCost: (request: Parameters<ProviderAdapter['estimateCost']>[0]) =>
      worstCase(priced(request.model), request),
    now: deps.now,
  };
  const connection = {
    baseUrl: config.baseUrl,
    apiKey: config.apiKey && deps.secret(config.apiKey),
    fetch: deps.upstreamFetch({ connectTimeoutMs: config.connectTimeoutMs }),
  };
  switch (config.kind) {
    case 'openai':
      return createOpenAiAdapter({ ...common, connection });
    case 'local':
      return createLocalAdapter({ ...common, connection });
  }
}
