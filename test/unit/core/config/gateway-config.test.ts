import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../../../core/config/gateway-config.ts';
import { resolveSecret } from '../../../../core/config/secrets.ts';

const provider = { name: 'openai', kind: 'openai', models: ['gpt-5'] };
const parse = (config: object) => parseConfig(JSON.stringify(config));

describe('parseConfig', () => {
  it('gives everything but the providers a default', () => {
    expect(parse({ providers: [provider] })).toEqual({
      providers: [
        {
          ...provider,
          baseUrl: 'https://api.openai.com/v1',
          enabled: true,
          priority: 1,
          reasoning: [],
          maxConcurrency: 200,
          retryAttempts: 2,
          connectTimeoutMs: 3_000,
          prices: {},
        },
      ],
      models: {},
      retry: { baseMs: 1_000, factor: 2, maxMs: 30_000, deadlineMs: 120_000 },
      breaker: { failures: 5, cooldownMs: 30_000 },
      cache: { ttlSeconds: 300 },
      limits: {
        default: {
          requestsPerMinute: 600,
          requestsPerHour: 10_000,
          requestsPerDay: 100_000,
          burstLimit: 100,
          tokensPerMinute: 1_000_000,
          maxConcurrency: 100,
        },
        maxBodyBytes: 4_194_304,
      },
      limiter: { timeoutMs: 150 },
      logging: { ttlDays: 90 },
    });
  });

  it.each([
    [
      'a key that is not known',
      { providers: [provider], cahce: {} },
      'cahce: this key is not known.',
    ],
    [
      'one deep inside',
      { providers: [{ ...provider, prize: 1 }] },
      'providers.0.prize: this key is not known.',
    ],
    ['a wrong type', { providers: [{ ...provider, priority: '1' }] }, 'providers.0.priority: '],
    ['no providers', {}, 'providers: '],
    ['an unknown kind', { providers: [{ ...provider, kind: 'x' }] }, 'providers.0.kind: '],
    [
      'two of one name',
      { providers: [provider, provider] },
      'providers: two providers have the same name.',
    ],
    [
      'a limit of nothing',
      { providers: [provider], limits: { default: { burstLimit: 0 } } },
      'limits.default.burstLimit: ',
    ],
    [
      'a base URL that is none',
      { providers: [{ ...provider, baseUrl: 'file:///etc' }] },
      'providers.0.baseUrl: ',
    ],
  ])('refuses %s and names it', (_, config, message) => {
    expect(() => parse(config)).toThrow(ConfigError);
    expect(() => parse(config)).toThrow(message);
  });

  it('refuses what is not JSON', () => {
    expect(() => parseConfig('{')).toThrow('The configuration is not valid JSON.');
  });
});

describe('an alias', () => {
  const alias = (model: string) => ({ smart: { strategy: 'priority', targets: [{ model }] } });

  it('of a provider that is configured is taken', () => {
    const config = parse({ providers: [provider], models: alias('openai/gpt-5') });
    expect(config.models.smart?.targets).toEqual([{ model: 'openai/gpt-5' }]);
  });

  it('of a provider that is not is refused, and named', () => {
    expect(() => parse({ providers: [provider], models: alias('opnai/gpt-5') })).toThrow(
      'models.smart.targets.0.model: there is no provider "opnai".',
    );
  });
});

describe('resolveSecret', () => {
  const secrets = (name: string) => ({ SET: 'value', EMPTY: '' })[name];

  it.each([
    ['literal', 'literal'],
    ['secret:SET', 'value'],
  ])('%s is %s', (reference, value) => expect(resolveSecret(reference, secrets)).toBe(value));

  it.each(['secret:MISSING', 'secret:EMPTY'])('%s stops the start and is named', (reference) => {
    expect(() => resolveSecret(reference, secrets)).toThrow(reference.slice('secret:'.length));
  });
});
