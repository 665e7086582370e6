/** The one list of provider kinds: a new vendor is its folder and a line here. */
import type { ProviderConfig } from '../config/gateway-config.ts';
import type { Usage } from '../contract/chat.ts';
import type { UpstreamFetch } from '../http/upstream-fetch.ts';
import { billedTokens, price, worstCase } from '../ledger/price.ts';
import { createBedrockAdapter, createBedrockClient } from './bedrock/index.ts';
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

/** Where published prices are looked up. */
const VENDORS = { openai: 'openai', bedrock: 'aws', local: undefined } as const;

function createAdapter(config: ProviderConfig, deps: RegistryDeps): ProviderAdapter {
  const { name, models } = config;
  const priced = (model: string) => ({
    model,
    vendor: VENDORS[config.kind],
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
  switch (config.kind) {
    case 'openai':
      return createOpenAiAdapter({ ...common, connection: connectionOf(config, deps) });
    case 'local':
      return createLocalAdapter({ ...common, connection: connectionOf(config, deps) });
    case 'bedrock': {
      const { region, endpoint, apiKey, connectTimeoutMs } = config;
      const client = createBedrockClient({
        region,
        connectTimeoutMs,
        ...(endpoint && { endpoint }),
        ...(apiKey && { bearerToken: deps.secret(apiKey) }),
      });
      return createBedrockAdapter({ ...common, client });
    }
  }
}

const connectionOf = (
  { baseUrl, apiKey, connectTimeoutMs }: Exclude<ProviderConfig, { kind: 'bedrock' }>,
  { secret, upstreamFetch }: RegistryDeps,
) => ({
  baseUrl,
  apiKey: apiKey && secret(apiKey),
  fetch: upstreamFetch({ connectTimeoutMs }),
});
