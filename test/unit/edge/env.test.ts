import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../../edge/env.ts';

const ENV = {
  CORE_URL: 'https://core.example/prod',
  HOP_PRIVATE_KEY: '{"kty":"OKP","crv":"Ed25519","x":"public","d":"private"}',
  KEY_PEPPER: 'p'.repeat(32),
  CACHE_SECRET: 'c'.repeat(32),
  UPSTASH_REDIS_REST_URL: 'https://redis.example',
  UPSTASH_REDIS_REST_TOKEN: 'token',
};

describe('parseEnv', () => {
  it('needs no more than the secrets and two addresses', () => {
    expect(parseEnv(ENV)).toMatchObject({
      CACHE_TTL_SECONDS: 300,
      MAX_BODY_BYTES: 4_194_304,
      LIMITER_TIMEOUT_MS: 150,
      HOP_PRIVATE_KEY: { d: 'private' },
    });
  });

  it('reads numbers from text, as variables are', () => {
    const env = parseEnv({ ...ENV, CACHE_TTL_SECONDS: '0', LIMITER_TIMEOUT_MS: '50' });
    expect([env.CACHE_TTL_SECONDS, env.LIMITER_TIMEOUT_MS]).toEqual([0, 50]);
  });

  it.each([
    ['CORE_URL', 'core.example'],
    ['CORE_URL', 'file:///etc/passwd'],
    ['HOP_PRIVATE_KEY', 'canary'],
    ['HOP_PRIVATE_KEY', '{"kty":"OKP","crv":"Ed25519","x":"public"}'],
    ['KEY_PEPPER', 'canary'],
    ['CACHE_SECRET', undefined],
    ['MAX_BODY_BYTES', '4 MiB canary'],
    ['LIMITER_TIMEOUT_MS', '0'],
    ['RECORDS', {}],
  ])('names %s when it is %j, and shows no value', (name, value) => {
    const parse = () => parseEnv({ ...ENV, [name]: value });
    expect(parse).toThrow(`Set these bindings of the Worker, see wrangler.toml: ${name}.`);
    expect(parse).not.toThrow('canary');
  });
});
