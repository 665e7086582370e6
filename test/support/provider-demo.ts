/** The demonstration model: it plays what a request can bring it to. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { expect } from 'vitest';
import { createDemoModelApp } from '../../infra/local/demo-model/app.ts';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { chatOf, type Heard, heardOf, type SceneName, type Vendor } from './provider-scene.ts';

const MODEL = 'demo-shop-assistant';
const EMBEDDING_MODEL = 'demo-embedding';

export const demoVendor: Vendor = {
  model: MODEL,
  embeddingModel: EMBEDDING_MODEL,
  scenes: ['text', 'tool call', 'length stop', 'silence after content', 'no such model'],
  async start(scene) {
    const open = new Set<Socket>();
    const pause = scene === 'silence after content' ? silenceAfter(3) : async () => {};
    const app = createDemoModelApp({ now: Date.now, pause });
    const server = createServer(getRequestListener(app.fetch));
    server.on('connection', (socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    const origin = await listenOnLoopback(server);
    return {
      config: { kind: 'local', baseUrl: `${origin}/v1`, models: ['*'] },
      heard: await heardFrom(app, scene),
      isLeft: () => open.size === 0,
      async close() {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      },
    };
  },
};

function silenceAfter(pieces: number): () => Promise<void> {
  let sent = 0;
  return () => {
    sent += 1;
    return sent < pieces ? Promise.resolve() : new Promise(() => {});
  };
}

/** What it says when it is asked directly; the ids of its calls depend on the whole body. */
async function heardFrom(app: Hono, scene: SceneName): Promise<Heard> {
  const body = JSON.stringify(chatOf(scene, MODEL));
  const answer = await app.request('/v1/chat/completions', { method: 'POST', body });
  const heard = heardOf(await answer.json());
  const toolCalls = heard.toolCalls.map((call) => ({ ...call, id: expect.any(String) }));
  return { ...heard, toolCalls };
}
