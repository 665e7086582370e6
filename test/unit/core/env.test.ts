import { describe, expect, it } from 'vitest';
import { parseCoreEnv } from '../../../core/env.ts';

const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const env = {
  GATEWAY_CONFIG: '{}',
  HOP_PUBLIC_KEY: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x }),
  KEY_PEPPER: 'p'.repeat(32),
  KEY_ENVIRONMENT: 'test',
  UPSTASH_REDIS_REST_URL: 'https://redis.example',
  UPSTASH_REDIS_REST_TOKEN: 'token',
  REQUEST_LOGS_TABLE: 'logs',
  USAGE_TABLE: 'usage',
  ROW_SPOOL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/rows',
  PRODUCTS_TABLE: 'products',
  KEYS_TABLE: 'keys',
  IDEMPOTENCY_TABLE: 'idempotency',
  SEALING_KEY: x,
  BLOB_STORE: 's3://blobs',
};

describe('parseCoreEnv', () => {
  it('reads the public key', () => {
    expect(parseCoreEnv(env).HOP_PUBLIC_KEY).toEqual({ kty: 'OKP', crv: 'Ed25519', x });
  });

  it.each([
    ['HOP_PUBLIC_KEY', undefined],
    ['HOP_PUBLIC_KEY', 'canary'],
    ['HOP_PUBLIC_KEY', JSON.stringify({ kty: 'RSA', n: 'canary' })],
    ['HOP_PUBLIC_KEY', JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'canary' })],
    ['HOP_PUBLIC_KEY', JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: '?'.repeat(43) })],
    ['KEY_PEPPER', 'canary'.padEnd(31, 'p')],
    ['KEY_ENVIRONMENT', 'Canary!'],
    ['SEALING_KEY', 'canary'],
    ['SEALING_KEY_PREVIOUS', 'canary'],
    ['BLOB_STORE', 'https://canary.example'],
  ])('names %s when it is %s, and shows no value', (name, value) => {
    const parse = () => parseCoreEnv({ ...env, [name]: value });
    expect(parse).toThrow(`These environment variables are missing or not valid: ${name}.`);
    expect(parse).not.toThrow(/canary/i);
  });
});
