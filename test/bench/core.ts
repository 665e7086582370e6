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

const JSON_BODY = { 'content-type': 'application/json' };

const { values } = parseArgs({ options: { out: { type: 'string' } } });

await using upstream = await startPart<Server>(new URL('./upstream.ts', import.meta.url));
const config = configFor(upstream.announced);
await using bare = await startPart<Server>(
  new URL('./bare-proxy.ts', import.meta.url),
  upstream.announced.origin,
);
await using core = await startPart<Core>(new URL('./core-in-memory.ts', import.meta.url), config);
await using coreOverStores = await startCoreOverStores(config);
await using load = await startPart<object>(new URL('./load.ts', import.meta.url));

const subjects: readonly Subject[] = [
  { name: 'bare Hono and fetch', ...bare.announced, headers: async () => JSON_BODY },
  coreSubject('core, stores in memory', core.announced),
  coreSubject('core, DynamoDB and Redis', coreOverStores),
];
const results = [];
for (const stream of [true, false]) {
  const figures = await measure({
    subjects,
    body: { model: 'up', stream, messages: [{ role: 'user', content: 'Hello!' }] },
    runLoad: async (one: Load) => (await load.ask(one)) as LoadResult,
  });
  console.log(`\n${stream ? 'Streamed answers' : 'Whole answers'}\n${toTable(figures)}`);
  results.push({ stream, figures });
}
console.log(
  '\nTargets, with stores in memory: at least 0.50 of bare, at most 1.5 ms added to p50.',
);
if (values.out) await writeFile(values.out, `${JSON.stringify(results, null, 2)}\n`);

function configFor({ origin }: Server): string {
  const prices = { up: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } };
  const provider = { name: 'up', kind: 'openai', apiKey: 'key', models: ['up'], prices };
  return JSON.stringify({ providers: [{ ...provider, baseUrl: `${origin}/v1` }] });
}

function coreSubject(name: string, { origin, hopPrivateKey }: Core): Subject {
  const sign = createHopSigner(JSON.parse(hopPrivateKey), Date.now);
  const headers = async () => ({
    ...JSON_BODY,
    'x-gateway-hop': await sign({ kind: 'principal', principal: PRINCIPAL }),
  });
  return { name, origin, headers };
}
