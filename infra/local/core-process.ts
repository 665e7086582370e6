/** The core as a process of its own: the app that Lambda runs, served by Node. Its parent starts and stops it. */
import { serve } from '@hono/node-server';
import { composeCore } from '../../core/compose.ts';
import { parseCoreEnv } from '../../core/env.ts';

const background = new Set<Promise<unknown>>();
const waitUntil = (work: Promise<unknown>) => {
  const settled = work.catch(() => {}).finally(() => background.delete(settled));
  background.add(settled);
};

const core = composeCore({
  env: parseCoreEnv(process.env),
  secrets: (name) => process.env[name],
  writeLine: (entry) => console.error(JSON.stringify(entry)),
});
await core.publishKeys();

const server = serve(
  {
    fetch: (request) => core.app.fetch(request, { waitUntil }),
    hostname: '127.0.0.1',
    port: Number(process.env.CORE_PORT),
  },
  () => process.send?.('ready'),
);

/** The terminal sends Ctrl-C to every process of the group; the parent decides when this one ends. */
process.on('SIGINT', () => {});
process.on('disconnect', stop);
process.on('message', stop);

function stop() {
  server.close(async () => {
    await Promise.all(background);
    process.exit();
  });
  if ('closeIdleConnections' in server) server.closeIdleConnections();
}
