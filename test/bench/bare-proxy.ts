/** The least that could stand before a model server: Hono on Node, and a fetch. What the core is compared with. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { announce } from './part.ts';

const [, , upstream] = process.argv;

const app = new Hono().post('/v1/chat/completions', async (c) => {
  const { status, headers, body } = await fetch(`${upstream}${c.req.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
    body: await c.req.text(),
  });
  return new Response(body, {
    status,
    headers: { 'content-type': headers.get('content-type') ?? '' },
  });
});

const origin = await listenOnLoopback(createServer(getRequestListener(app.fetch)));
announce({ origin });
