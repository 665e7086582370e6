/**
 * `npm run bench`: what the core costs, against a bare Hono-and-fetch proxy on the same machine in the
 * same run. `-- --out FILE` writes the figures as JSON too.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createHopSigner } from '../../edge/adapters/hop-signer.ts';
import { PRINCIPAL } from '../support/core-app.ts';
import { startCoreOverStores } from './core-over-stores.ts';
import type { Load, LoadResult } from './load.ts';
import { measure, type Subject } from './measure.ts';
import { startPart } from './part.ts';
import { toTable } from './table.ts';

interface Server {
  readonly origin: string;
}

interface Core extends Server {
  readonly hopPrivateKey: string;
}

const { values } = parseArgs({ options: { out: { type: 'string' } } });

await using upstream = await startPart<Server>(new URL('./upstream.ts', import.meta.url));
const { origin } = upstream.announced;
const config = JSON.stringify({
  providers: [
    {
      name: 'up',
      kind: 'openai',
      baseUrl: `${origin}/v1`,
      apiKey: 'key',
      models: ['up'],
      prices: { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } },
    },
  ],
});
await using bare = await startPart<Server>(new URL('./bare-proxy.ts', import.meta.url), origin);
await using core = await startPart<Core>(new URL('./core-in-memory.ts', import.meta.url), config);
await using coreOverStores = await startCoreOverStores(config);
await using load = await startPart<object>(new URL('./load.ts', import.meta.url));

const headers = { 'content-type': 'application/json' };
const coreSubject = (name: string, { origin, hopPrivateKey }: Core): Subject => {
  const sign = createHopSigner(JSON.parse(hopPrivateKey), Date.now);
  return {
    name,
    origin,
    headers: async () => ({
      ...headers,
      'x-gateway-hop': await sign({ kind: 'principal', principal: PRINCIPAL }),
    }),
  };
};
const subjects = [
  { name: 'bare Hono and fetch', ...bare.announced, headers: async () => headers },
  coreSubject('core, stores in memory', core.announced),
  coreSubject('core, DynamoDB and Redis', coreOverStores),
];

const results = [];
for (const stream of [true, false]) {
  for (const concurrency of [10, 1]) {
    const figures = await measure({
      subjects,
      body: { model: 'up', stream, messages: [{ role: 'user', content: 'Hello!' }] },
      concurrency,
      runLoad: async (one: Load) => (await load.ask(one)) as LoadResult,
    });
    console.log(`\n${stream ? 'Streamed' : 'Whole'}, ${concurrency} at once\n${toTable(figures)}`);
    results.push({ stream, concurrency, figures });
  }
}
console.log(
  '\nTargets, with stores in memory and 10 at once: at least 0.50 of bare, at most 1.5 ms added.',
);
if (values.out) await writeFile(values.out, JSON.stringify(results, null, 2));
