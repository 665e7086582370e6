import { expect, it } from 'vitest';
import { composeCore } from '../../core/compose.ts';
import { parseCoreEnv } from '../../core/env.ts';
import { startRawProvider } from '../support/raw-provider.ts';

it('a mirror that hangs holds the start for no more than a moment, and is told of', async () => {
  await using hanging = await startRawProvider(() => {});
  const lines: object[] = [];
  const core = await composeCore({
    env: parseCoreEnv({
      GATEWAY_CONFIG: JSON.stringify({
        providers: [{ name: 'up', kind: 'openai', apiKey: 'key', models: ['up'] }],
      }),
      HOP_PUBLIC_KEY:
        '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
      KEY_PEPPER: 'p'.repeat(32),
      KEY_ENVIRONMENT: 'test',
      UPSTASH_REDIS_REST_URL: hanging.baseUrl,
      UPSTASH_REDIS_REST_TOKEN: 'token',
      REQUEST_LOGS_TABLE: 'logs',
      USAGE_TABLE: 'usage',
      ROW_SPOOL: 'file:///nowhere/rows.jsonl',
      PRODUCTS_TABLE: 'products',
      KEYS_TABLE: 'keys',
      IDEMPOTENCY_TABLE: 'idempotency',
      SEALING_KEY: 's'.repeat(43),
      BLOB_STORE: 's3://blobs',
      DYNAMODB_ENDPOINT: hanging.baseUrl,
    }),
    secrets: () => undefined,
    writeLine: (line) => lines.push(line),
  });
  const start = performance.now();
  await core.publishKeys();
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(lines).toMatchObject([{ event: 'key-not-mirrored', error: { name: 'TimeoutError' } }]);
});
