import { createServer } from 'node:net';

const MAX_PORT = 65_535;

/** Whether a server could listen on this loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** The first free loopback port at or after `from`. */
export async function nextFreePort(from: number): Promise<number> {
  for (let port = from; port <= MAX_PORT; port++) {
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No port from ${from} on is free.`);
}
