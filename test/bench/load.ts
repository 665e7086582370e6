/** Asks a server the same thing again and again, so many at once, and tells how long each answer took. */
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';
import { announce } from './part.ts';

export interface Load {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly concurrency: number;
  readonly forMs: number;
}

export interface LoadResult {
  readonly tookMs: number;
  /** Of each answer, whole. */
  readonly latenciesMs: readonly number[];
}

const pools = new Map<string, Pool>();

process.on('message', async (load: Load) => process.send?.(await run(load)));
announce({});

async function run({ origin, headers, body, concurrency, forMs }: Load): Promise<LoadResult> {
  const pool = pools.get(origin) ?? new Pool(origin, { connections: null });
  pools.set(origin, pool);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const askOn = async () => {
    for (let at = startedAt; at - startedAt < forMs; ) {
      const answer = await pool.request({
        method: 'POST',
        path: '/v1/chat/completions',
        headers,
        body,
      });
      const said = await text(answer.body);
      if (answer.statusCode !== 200 || !said.includes('"stop"')) throw new Error(said);
      const now = performance.now();
      latenciesMs.push(now - at);
      at = now;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, askOn));
  return { tookMs: performance.now() - startedAt, latenciesMs };
}
