import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../core/config/gateway-config.ts';
import { defaultConfig } from '../../../../infra/local/default-config.ts';

const providersFor = (environment: Record<string, string>) => {
  const config = defaultConfig({ environment, demoBaseUrl: 'http://127.0.0.1:1/v1' });
  return parseConfig(JSON.stringify(config)).providers.map(({ name }) => name);
};

describe('the configuration of a start without a file', () => {
  it.each([
    ['nothing', {}, ['demo']],
    ['an OpenAI key', { OPENAI_API_KEY: 'k' }, ['openai', 'demo']],
    [
      'AWS credentials and a region',
      { AWS_PROFILE: 'p', AWS_REGION: 'us-east-1' },
      ['bedrock', 'demo'],
    ],
    ['AWS credentials without a region', { AWS_PROFILE: 'p' }, ['demo']],
    ['a region without credentials', { AWS_REGION: 'us-east-1' }, ['demo']],
    ['a local server', { LOCAL_MODEL_BASE_URL: 'http://127.0.0.1:11434/v1' }, ['local', 'demo']],
  ])('uses %s', (_, environment, names) => expect(providersFor(environment)).toEqual(names));
});
