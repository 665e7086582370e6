/** The real edge before the real core, on loopback; only the stores are in memory, and the providers are played. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '../../core/attempts/clock.ts';
import type { FinalRow } from '../../core/ledger/request-log.ts';
import { startEdge } from '../../infra/local/edge.ts';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { chatInit, PRINCIPAL, startCoreApp } from './core-app.ts';
import { createInMemoryRequestLog } from './in-memory-request-log.ts';

const REDIS_TOKEN = 'fault-test-token';

export type FaultStack = Awaited<ReturnType<typeof startFaultStack>>;

export async function startFaultStack(config: object, clock?: Clock) {
  const finals = createFinals();
  const core = await startCoreApp(config, clock, finals.log);
  const server = createServer(getRequestListener((request) => core.handle(request)));
  const redis = await openRedis({});
  const rest = await startUpstashRest({ redis, token: REDIS_TOKEN });
  const persistTo = await mkdtemp(join(tmpdir(), 'faults-'));
  const edge = await startEdge({
    port: 0,
    persistTo,
    env: {
      ...core.edgeSecrets,
      CORE_URL: await listenOnLoopback(server),
      CACHE_SECRET: randomBytes(32).toString('base64url'),
      UPSTASH_REDIS_REST_URL: rest.url,
      UPSTASH_REDIS_REST_TOKEN: REDIS_TOKEN,
      // A busy machine is not a broken store.
      LIMITER_TIMEOUT_MS: '2000',
    },
  });
  return {
    url: edge.url,
    key: await issueKey(core),
    /** The core alone, without the edge and without a network; wants the header of the hop. */
    core: { url: 'http://core', key: '', handle: core.handle },
    hopToken: core.hopToken,
    log: core.log,
    /** The final row of what the client called so, once it is written. */
    finalRow: finals.first,
    /** Everything that was written as such; a right one is alone. */
    finalRows: finals.all,
    async [Symbol.asyncDispose]() {
      await edge.close();
      server.closeAllConnections();
      server.close();
      for (const part of [rest, redis]) await part.close();
      await rm(persistTo, { recursive: true, force: true });
    },
  };
}

/** The log keeps the first final row of a request: what else is written would go unseen. */
function createFinals() {
  const written = new Map<string, FinalRow[]>();
  const first = new Map<string, PromiseWithResolvers<FinalRow>>();
  const firstOf = (id: string) => {
    const known = first.get(id) ?? Promise.withResolvers<FinalRow>();
    first.set(id, known);
    return known;
  };
  const note = (row: FinalRow) => {
    const id = row.clientRequestId ?? row.requestId;
    written.set(id, [...(written.get(id) ?? []), row]);
    firstOf(id).resolve(row);
  };
  const log = createInMemoryRequestLog();
  return {
    all: (id: string): readonly FinalRow[] => written.get(id) ?? [],
    first: (id: string): Promise<FinalRow> => firstOf(id).promise,
    log: {
      ...log,
      record(row: FinalRow) {
        note(row);
        return log.record(row);
      },
      close(row: FinalRow) {
        note(row);
        return log.close(row);
      },
    },
  };
}

async function issueKey(core: Awaited<ReturnType<typeof startCoreApp>>): Promise<string> {
  const principal = { ...PRINCIPAL, scopes: ['admin' as const] };
  const policy = { name: 'faults', tenant: PRINCIPAL.tenantId, limits: {} };
  const answer = await core.fetch('/admin/keys', chatInit(policy), {
    kind: 'principal',
    principal,
  });
  const { key } = await answer.json();
  return key;
}
