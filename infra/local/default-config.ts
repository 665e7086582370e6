/** The configuration of a start without a file: whatever the environment gives access to, and the demonstration model. */

type Environment = Readonly<Record<string, string | undefined>>;

export interface DefaultConfigFacts {
  readonly environment: Environment;
  readonly demoBaseUrl: string;
}

/** In the shape of `gateway.config.json`; real providers come before the demonstration. */
export function defaultConfig({ environment, demoBaseUrl }: DefaultConfigFacts): object {
  return {
    providers: [
      ...openAi(environment),
      ...bedrock(environment),
      ...localServer(environment),
      demo(demoBaseUrl),
    ],
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
          reasoning: ['gpt-5-mini', 'gpt-5'],
        },
      ]
    : [];

/** The SDK finds the credentials itself; here they only show that there are some. */
const bedrock = (environment: Environment) => {
  const { AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_BEARER_TOKEN_BEDROCK } = environment;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const isConfigured = AWS_ACCESS_KEY_ID ?? AWS_PROFILE ?? AWS_BEARER_TOKEN_BEDROCK;
  if (!region || !isConfigured) return [];
  const models = [
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'us.amazon.nova-lite-v1:0',
    'amazon.titan-embed-text-v2:0',
  ];
  return [{ name: 'bedrock', kind: 'bedrock', priority: 2, region, models }];
};

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
