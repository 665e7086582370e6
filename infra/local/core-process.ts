/**
 * The core as a process of its own: the app that Lambda runs, served by Node. Tells its parent 'ready',
 * or in a sentence why it cannot start.
 */
import { type ServerType, serve } from '@hono/node-server';
import { composeCore } from '../../core/compose.ts';
import { parseCoreEnv } from '../../core/env.ts';

/** The terminal sends its signals to every process of the group; the parent decides when this one ends. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
/** The stores live in the parent. */
process.on('disconnect', () => process.exit());

/** In AWS a schedule does it. */
const SWEEP_EVERY_MS = 60_000;

const background = new Set<Promise<unknown>>();
const waitUntil = (work: Promise<unknown>) => {
  const settled = work.catch(() => {}).finally(() => background.delete(settled));
  background.add(settled);
};

try {
  const server = await start();
  process.once('message', () => stop(server));
  process.send?.('ready');
} catch (error) {
  console.error(error);
  const reason = error instanceof Error ? error.message : 'The core could not start.';
  process.send?.(reason, () => process.exit(1));
}

async function start(): Promise<ServerType> {
  const core = await composeCore({
    env: parseCoreEnv(process.env),
    secrets: (name) => process.env[name],
    writeLine: (entry) => console.error(JSON.stringify(entry)),
  });
  await core.publishKeys();
  // No other core is on these stores, and this one has not begun: whoever opened a row is dead.
  await core.sweep('all');
  setInterval(() => waitUntil(core.sweep('overdue')), SWEEP_EVERY_MS).unref();
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: (request) => core.app.fetch(request, { waitUntil }),
        hostname: '127.0.0.1',
        port: Number(process.env.CORE_PORT),
      },
      () => resolve(server),
    );
    server.once('error', reject);
  });
}

function stop(server: ServerType): void {
  server.close(async () => {
    await Promise.all(background);
    process.exit();
  });
  if ('closeIdleConnections' in server) server.closeIdleConnections();
}
