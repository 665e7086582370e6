import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { listenOnLoopback } from '../listen.ts';
import { createDemoModelApp } from './app.ts';

const PAUSE_MS = 15;

interface DemoModel {
  /** What an OpenAI client calls `baseURL`: with `/v1`, without a slash at the end. */
  readonly baseUrl: string;
  /** Also cuts the streams that are still running. */
  close(): Promise<void>;
}

/** Serves the demonstration model on a free port of 127.0.0.1. */
export async function startDemoModel(): Promise<DemoModel> {
  const app = createDemoModelApp({ now: Date.now, pause: () => sleep(PAUSE_MS) });
  const server = createServer(getRequestListener(app.fetch));
  const origin = await listenOnLoopback(server);
  return {
    baseUrl: `${origin}/v1`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
