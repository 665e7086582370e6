/** Every Redis the REST door can stand on: the suites run over each of them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { openRedis } from '../../../infra/local/redis.ts';

const missing = spawnSync('redis-server', ['--version']).status !== 0;

export const ENGINES = [
  { name: 'the built-in Redis', missing: false, start: startBuiltIn },
  {
    name: missing ? 'redis-server (skipped: it is not on PATH)' : 'redis-server',
    missing,
    start: startRedisServer,
  },
] as const;

async function startBuiltIn() {
  const redis = await openRedis({});
  return { redis, stop: () => redis.close() };
}

async function startRedisServer() {
  const port = await freePort();
  const flags = `--port ${port} --bind 127.0.0.1 --appendonly no --dir ${tmpdir()}`.split(' ');
  const server = spawn('redis-server', [...flags, '--save', ''], { stdio: 'pipe' });
  for await (const line of server.stdout) {
    if (String(line).includes('Ready to accept connections')) break;
  }
  const redis = await openRedis({ url: `redis://127.0.0.1:${port}` });
  const stop = async () => {
    await redis.close();
    server.kill();
    await once(server, 'exit');
  };
  return { redis, stop };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
