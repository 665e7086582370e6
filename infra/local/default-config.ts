/** The configuration of a start without a file: whatever the environment gives access to, and the demonstration model. */

type Environment = Readonly<Record<string, string | undefined>>;

export interface DefaultConfigFacts {
  readonly environment: Environment;
  readonly demoBaseUrl: string;
}

/** In the shape of `gateway.config.json`; real providers come before the demonstration. */
export function defaultConfig({ environment, demoBaseUrl }: DefaultConfigFacts): object {
  return {
    providers: [...openAi(environment), ...localServer(environment), demo(demoBaseUrl)],
  };
}

const openAi = ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl }: Environment) =>
  key
    ? [
        {
          name: 'openai',
          kind: 'openai',
          priority: 1,
          apiKey: 'secret:OPENAI_API_KEY',
          ...(baseUrl && { baseUrl }),
          models: ['gpt-5-mini', 'gpt-5', 'gpt-4o-mini', 'text-embedding-3-small'],
        },
      ]
    : [];

const localServer = ({ LOCAL_MODEL_BASE_URL: baseUrl }: Environment) =>
  baseUrl ? [{ name: 'local', kind: 'local', priority: 3, baseUrl, models: ['*'] }] : [];

/** Its prices are made up, like everything about it, so that a first look shows costs at work. */
const demo = (baseUrl: string) => ({
  name: 'demo',
  kind: 'local',
  priority: 9,
  baseUrl,
  models: ['demo-shop-assistant', 'demo-embedding'],
  prices: {
    'demo-shop-assistant': { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 },
    'demo-embedding': { inputPerMillionUsd: 0.02, outputPerMillionUsd: 0 },
  },
});
