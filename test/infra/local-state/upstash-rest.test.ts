import { Redis } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUpstashRest, type UpstashRest } from '../../../infra/local/upstash-rest.ts';
import { ENGINES } from './redis-engines.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const TOKEN = 'the-token';
const ANY_TEXT = 'NUL \0, é, 😀, \u2028, "quoted"\r\n';

describe.each(ENGINES)('over $name', ({ missing, start }) => {
  describe.skipIf(missing)('the Upstash REST endpoint', () => {
    let rest: UpstashRest;
    let client: Redis;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      const engine = await start();
      rest = await startUpstashRest({ redis: engine.redis, token: TOKEN });
      client = new Redis({ url: rest.url, token: TOKEN, retry: false });
      stop = () => rest.close().then(engine.stop);
    });
    afterAll(() => stop());

    const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
      const authorization = `Bearer ${TOKEN}`;
      const init = { method: 'POST', body, headers: { authorization, ...headers } };
      const response = await fetch(rest.url + path, init);
      return { status: response.status, body: await response.json() };
    };

    it('get, set, expiry and hashes work with the pinned client', async () => {
      expect(await client.set('k', { nested: [1, 'two'] })).toBe('OK');
      expect(await client.get('k')).toEqual({ nested: [1, 'two'] });
      expect(await client.get('missing')).toBeNull();
      await client.set('short', 'v', { ex: 100, nx: true });
      expect(await client.ttl('short')).toBeGreaterThan(90);
      await client.hset('h', { a: 1, b: ANY_TEXT });
      expect(await client.hgetall('h')).toEqual({ a: 1, b: ANY_TEXT });
      expect(await client.zincrby('z', 2, 'member')).toBe(2);
    });

    it.each([ANY_TEXT, 'OK', 'T0s=', ''])('the value %j comes back as it went', async (value) => {
      await client.set('exact', value);
      expect(await client.get('exact')).toBe(value);
      expect(await client.mget('exact', 'missing')).toEqual([value, null]);
    });

    it('pipelines, automatic ones and transactions keep their order', async () => {
      expect(await client.pipeline().set('p', 1).incr('p').get('p').exec()).toEqual(['OK', 2, 2]);
      const automatic = [client.incr('auto'), client.incr('auto'), client.get('auto')];
      expect(await Promise.all(automatic)).toEqual([1, 2, 2]);
      expect(await client.multi().set('m', 1).incrby('m', 4).exec()).toEqual(['OK', 5]);
    });

    it('scripts run by text and by digest', async () => {
      const script = client.createScript('return {KEYS[1], ARGV[1]}');
      expect(await script.exec(['key'], ['é'])).toEqual(['key', 'é']);
      expect(await script.exec(['key'], ['again'])).toEqual(['key', 'again']);
    });

    it('an error inside a pipeline does not stop the rest', async () => {
      const commands = [['SET', 'x', '1'], ['NOSUCH'], 'not a command', ['INCR', 'x']];
      const { status, body } = await post('/pipeline', JSON.stringify(commands));
      expect(status).toBe(200);
      expect(body).toEqual([
        { result: 'OK' },
        { error: expect.stringContaining('unknown command') },
        { error: 'ERR a command must be a JSON array that is not empty' },
        { result: 2 },
      ]);
    });

    it('a transaction that cannot be queued is a 400 and changes nothing', async () => {
      const refused = await post('/multi-exec', '[["SET","never","1"],["NOSUCH"]]');
      expect(refused).toMatchObject({ status: 400, body: { error: /^EXECABORT/ } });
      expect(await client.get('never')).toBeNull();
    });

    it('strings are base64 only on request, at any depth, but never the status OK', async () => {
      const script = JSON.stringify(['EVAL', 'return {"a", {"b", 3}, false}', 0]);
      const base64 = { 'upstash-encoding': 'base64' };
      expect((await post('/', script)).body).toEqual({ result: ['a', ['b', 3], null] });
      expect((await post('/', script, base64)).body).toEqual({
        result: ['YQ==', ['Yg==', 3], null],
      });
      expect((await post('/', '["SET","s","v"]', base64)).body).toEqual({ result: 'OK' });
    });

    it('arguments that are not strings become JSON or text', async () => {
      await post('/', '["HSET","args","object",{"a":1},"number",2.5,"boolean",true]');
      const { body } = await post('/', '["HVALS","args"]');
      expect(body).toEqual({ result: ['{"a":1}', '2.5', 'true'] });
    });

    const NO_LIST = 'ERR the body must be a JSON array that is not empty';
    const NO_COMMAND = 'ERR a command must be a JSON array that is not empty';
    const NO_ROUTE = 'ERR only POST /, /pipeline and /multi-exec are served here';
    it.each([
      ['cut JSON', '/', '["GET"', 400, NO_LIST],
      ['no body', '/', '', 400, NO_LIST],
      ['an object', '/', '{"a":1}', 400, NO_LIST],
      ['no command', '/pipeline', '[]', 400, NO_LIST],
      ['a command that is not a list', '/multi-exec', '["GET"]', 400, NO_COMMAND],
      [
        'a subscription',
        '/',
        '["subscribe","c"]',
        400,
        "ERR Command is not available: 'subscribe'",
      ],
      ['an unknown path', '/get/a', '[]', 404, NO_ROUTE],
      [
        'too large a body',
        '/',
        ' '.repeat(MAX_BYTES + 1),
        413,
        'ERR the request exceeds 10485760 bytes',
      ],
    ] as const)('%s is refused with its reason', async (_, path, body, status, error) => {
      expect(await post(path, body)).toEqual({ status, body: { error } });
      expect(await client.ping()).toBe('PONG');
    });

    it.each(['', 'Bearer wrong', `Bearer ${TOKEN}2`, TOKEN, `Basic ${TOKEN}`])(
      'the credential %j is a 401 on any path',
      async (authorization) => {
        for (const path of ['/', '/pipeline', '/nothing']) {
          const refused = await post(path, '["PING"]', { authorization });
          expect(refused).toEqual({ status: 401, body: { error: 'Unauthorized' } });
        }
      },
    );
  });
});
