import { once } from 'node:events';
import type { Server } from 'node:net';

/** Starts the server on loopback and a free port; the result is its origin, `http://127.0.0.1:port`. */
export async function listenOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
