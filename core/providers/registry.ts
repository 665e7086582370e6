/** The one list of provider kinds: a new vendor is its folder and a line here. */
import type { ProviderConfig } from '../config/gateway-config.ts';
import type { UpstreamFetch } from '../http/upstream-fetch.ts';
import { createPriceList } from '../ledger/price.ts';
import { vendorAt } from '../ledger/published-rates.ts';
import { createBedrockAdapter, createBedrockClient } from './bedrock/index.ts';
import { createLocalAdapter } from './local/index.ts';
import { createOpenAiAdapter } from './openai/index.ts';
import type { ProviderAdapter, ProviderPrices } from './provider.ts';

export interface Provider {
  readonly config: ProviderConfig;
  readonly adapter: ProviderAdapter;
}

export interface RegistryDeps {
  /** Resolves "secret:NAME" references. */
  readonly secret: (reference: string) => string;
  readonly upstreamFetch: (options: { readonly connectTimeoutMs: number }) => UpstreamFetch;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told once of each model that was charged without a price. */
  readonly onUnpriced: (model: { readonly provider: string; readonly model: string }) => void;
}

/** Clients name the models of a provider that lists `*`. */
const MAX_UNPRICED = 1_000;

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
  const common = { name, models, prices: pricesOf(config, deps), now: deps.now };
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

function pricesOf(config: ProviderConfig, { now, onUnpriced }: RegistryDeps): ProviderPrices {
  const { name: provider, models, prices: own } = config;
  const told = new Set<string>();
  const prices = createPriceList({
    models,
    own,
    vendor: vendorOf(config),
    now,
    onUnpriced(model) {
      if (told.has(model) || told.size >= MAX_UNPRICED) return;
      told.add(model);
      onUnpriced({ provider, model });
    },
  });
  return {
    ...prices,
    estimateCost: (request) =>
      prices.worstCase(request.model, prices.boundTokens(request.model, request)),
  };
}

/** Where published prices are looked up; an address that nobody has listed may be a proxy for OpenAI. */
function vendorOf(config: ProviderConfig): string | undefined {
  switch (config.kind) {
    case 'openai':
      return vendorAt(config.baseUrl) ?? 'openai';
    case 'bedrock':
      return 'aws';
    case 'local':
      return undefined;
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
