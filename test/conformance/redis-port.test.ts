import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInProcessRedis } from '../../core/state/in-process-redis.ts';
import type { RedisPort } from '../../core/state/redis-port.ts';
import { createUpstashRedis } from '../../core/state/upstash-redis.ts';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { openRedis } from '../../infra/local/redis.ts';
import { startUpstashRest } from '../../infra/local/upstash-rest.ts';
import { describeRedisPort } from './redis-port.suite.ts';
import { describeTargetHealth } from './target-health.suite.ts';

describeRedisPort('the in-process Redis', () => createInProcessRedis({ now: () => Date.now() }));

describeTargetHealth('target health in process', () =>
  createInProcessRedis({ now: () => Date.now() }),
);

describe('over Upstash’s REST interface', () => {
  let redis: RedisPort;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    const backend = await openRedis({});
    const rest = await startUpstashRest({ redis: backend, token: 'secret' });
    redis = createUpstashRedis({ url: rest.url, token: 'secret', timeoutMs: 5_000 });
    close = () => Promise.all([rest.close(), backend.close()]);
  });
  afterAll(() => close());

  describeRedisPort('the Upstash Redis', () => redis);
  describeTargetHealth('target health over it', () => redis);
});

it('what is asked of the Upstash Redis at once travels together', async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => response.end('[{"result":"MQ=="},{"result":"MQ=="}]'));
  });
  const url = await listenOnLoopback(server);
  const redis = createUpstashRedis({ url, token: 'secret', timeoutMs: 5_000 });
  await Promise.all([redis.leavePlace('a', 'me'), redis.set('b', 'value', 1_000)]);
  expect(requests).toBe(1);
  server.closeAllConnections();
  server.close();
});

describe('the Upstash Redis, when the store is in trouble', () => {
  it('rejects within its timeout when the store hangs, and has asked once', async () => {
    let requests = 0;
    const server = createServer(() => {
      requests += 1;
    });
    const url = await listenOnLoopback(server);
    const redis = createUpstashRedis({ url, token: 'secret', timeoutMs: 100 });
    const started = performance.now();
    await expect(redis.getMany(['key'])).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(requests).toBe(1);
    server.closeAllConnections();
    server.close();
  });

  it('rejects at once when the store errs, and has asked once', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(500).end('{"error":"ERR no"}');
    });
    const url = await listenOnLoopback(server);
    const redis = createUpstashRedis({ url, token: 'secret', timeoutMs: 5_000 });
    await expect(redis.leavePlace('key', 'me')).rejects.toThrow();
    expect(requests).toBe(1);
    server.closeAllConnections();
    server.close();
  });
});
