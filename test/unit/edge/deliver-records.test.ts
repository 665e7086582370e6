import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_RETRIES } from '../../../edge/deliver-records.ts';

it('the last attempt is the one that the queue is configured to make', () => {
  const config = readFileSync(new URL('../../../wrangler.toml', import.meta.url), 'utf8');
  expect(config).toContain(`\nmax_retries = ${MAX_RETRIES}\n`);
});
