import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listenOnLoopback } from '../../../infra/local/listen.ts';
import type { RedisBackend } from '../../../infra/local/redis/backend.ts';
import { openRedis } from '../../../infra/local/redis.ts';
import { ENGINES, freePort } from './redis-engines.ts';

const SHEBANG = '#!lua flags=allow-key-locking\n';
const sha1 = (script: string) => createHash('sha1').update(script).digest('hex');

describe.each(ENGINES)('over $name', ({ missing, start }) => {
  describe.skipIf(missing)('a Redis', () => {
    let redis: RedisBackend;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      ({ redis, stop } = await start());
    });
    afterAll(() => stop());

    /** Buffers and strings alike as text. */
    const call = async (...command: string[]) => toText(await redis.call(command));

    it('answers in RESP2: text, integers, nil, and hashes as flat arrays', async () => {
      expect(await call('SET', 'a', '1')).toBe('OK');
      expect(await call('INCR', 'a')).toBe(2);
      expect(await call('GET', 'a')).toBe('2');
      expect(await call('GET', 'nothing')).toBeNull();
      expect(await call('HSET', 'h', 'x', '1', 'y', '2')).toBe(2);
      expect(await call('hgetall', 'h')).toEqual(['x', '1', 'y', '2']);
      expect(await call('HGETALL', 'nothing')).toEqual([]);
    });

    it.each(['EX', 'ex'])('an expiry set with %s holds', async (option) => {
      await call('SET', 'expiring', 'v', option, '100');
      expect(await call('TTL', 'expiring')).toBeGreaterThan(90);
      expect(await call('SET', 'expiring', 'w', option === 'EX' ? 'NX' : 'nx')).toBeNull();
    });

    it.each([
      [['NOSUCH'], /unknown command/],
      [['GET'], /wrong number of arguments/],
      [['GET', 'a', 'b'], /wrong number of arguments/],
      [['EVALSHA', sha1('never sent'), '0'], /^NOSCRIPT/],
      [['EVAL', 'return redis.call("NOSUCH")', '0'], /./],
      [['EVAL', 'return redis.error_reply("NOBUDGET spent")', '0'], /^NOBUDGET spent$/],
      [['EVAL', 'return this is not Lua', '0'], /^ERR Error compiling script/],
      [['EVAL', 'return ({}).no.way', '0'], /^ERR user_script:1: /],
      [['EVAL', 'return nothing', '0'], /access nonexistent global variable/],
      [['EVAL', 'leak = 1', '0'], /./],
      [['EVAL', 'return 1', '2', 'one-key'], /^ERR Number of keys/],
      [['EVAL', 'return 1', 'many'], /^ERR value is not an integer/],
      [['EVAL', 'return os.execute("true")', '0'], /./],
    ])('%j is refused', async (command, reason) => {
      await expect(redis.call(command)).rejects.toThrow(reason);
    });

    it.each([
      ['return {1, 2.9, "three", {true, false}}', [1, 2, 'three', [1, null]]],
      ['return false', null],
      ['return redis.call("GET", KEYS[1]) == false and 1 or 0', 1],
      ['local reply = redis.call("HMGET", KEYS[1], "f"); return {#reply, reply[1]}', [1, null]],
      ['redis.call("SET", KEYS[1], 10 / 2); return redis.call("GETDEL", KEYS[1])', '5'],
      [
        `redis.call("HSET", KEYS[1], "é", ARGV[1]); return redis.call("HGETALL", KEYS[1])`,
        ['é', '☃'],
      ],
      ['return redis.call("HVALS", KEYS[1])', ['☃']],
      ['local a = {}; for i = 1, 3 do table.insert(a, i) end; return a', [1, 2, 3]],
      ['return {1, nil, 3}', [1]],
      [
        'return "n=" .. 10 / 2 .. "," .. tonumber("3000000000") + tonumber("3000000000")',
        'n=5,6000000000',
      ],
      ['return #redis.call("MGET", "none", "none", "none")', 3],
      ['return math.floor(2147483647.5) + math.floor(1.5)', 2_147_483_648],
      ['local scan = redis.call("SCAN", "0", "MATCH", "lu*"); return scan[2]', ['lua']],
      ['return redis.status_reply("DONE")', 'DONE'],
      ['return redis.pcall("NOSUCH").err ~= nil', 1],
    ])('the script %s converts as in Redis', async (script, reply) => {
      expect(await call('EVAL', script, '1', 'lua', '☃')).toEqual(reply);
    });

    it('a script with a shebang runs, and runs again by the digest of what was sent', async () => {
      const script = `${SHEBANG}return "evaluated"`;
      expect(await call('EVAL', script, '0')).toBe('evaluated');
      expect(await call('EVALSHA', sha1(script).toUpperCase(), '0')).toBe('evaluated');
      expect(await call('SCRIPT', 'EXISTS', sha1(script), sha1('other'))).toEqual([1, 0]);
    });

    it('SCRIPT LOAD answers the digest of what was sent, also in a transaction', async () => {
      const script = `${SHEBANG}return "loaded"`;
      expect(await call('SCRIPT', 'LOAD', script)).toBe(sha1(script));
      await call('SCRIPT', 'FLUSH');
      await expect(redis.call(['EVALSHA', sha1(script), '0'])).rejects.toThrow(/^NOSCRIPT/);
      const replies = await redis.multi([
        ['SCRIPT', 'LOAD', script],
        ['EVALSHA', sha1(script), '0'],
      ]);
      expect(toText(replies)).toEqual([sha1(script), 'loaded']);
    });

    it('parallel scripts that read, then write, lose no update', async () => {
      const script = `local n = tonumber(redis.call("GET", KEYS[1]) or 0)
        redis.call("SET", KEYS[1], n + 1)
        return n + 1`;
      const counts = await Promise.all(
        Array.from({ length: 200 }, () => call('EVAL', script, '1', 'count')),
      );
      expect(new Set(counts).size).toBe(200);
      expect(await call('GET', 'count')).toBe('200');
    });

    it('parallel transactions do not mix with each other or with single commands', async () => {
      const transaction = () =>
        redis.multi([
          ['INCR', 'mixed'],
          ['INCR', 'mixed'],
        ]);
      const outcomes = await Promise.all(
        Array.from(
          { length: 50 },
          async () => (await Promise.all([transaction(), call('INCR', 'mixed')]))[0],
        ),
      );
      for (const [first, second] of outcomes) expect(second).toBe(Number(first) + 1);
      expect(await call('GET', 'mixed')).toBe('150');
    });

    it('a command that fails inside a transaction leaves its error in its place', async () => {
      const replies = await redis.multi([
        ['SET', 'kept', '1'],
        ['EVAL', 'return redis.call("NOSUCH")', '0'],
        ['INCR', 'kept'],
      ]);
      expect(replies[1]).toBeInstanceOf(Error);
      expect(replies[2]).toBe(2);
    });

    it('a transaction with a command that cannot be queued runs not at all', async () => {
      const broken = [['SET', 'discarded', '1'], ['NOSUCH']];
      await expect(redis.multi(broken)).rejects.toThrow(/^EXECABORT/);
      expect(await call('GET', 'discarded')).toBeNull();
      expect(await call('SET', 'after', '1')).toBe('OK');
    });
  });
});

describe('opening a Redis', () => {
  it('two built-in ones share nothing', async () => {
    const [one, other] = await Promise.all([openRedis({}), openRedis({})]);
    await one.call(['SET', 'a', '1']);
    expect(await other.call(['GET', 'a'])).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });

  it('a server that is not there is named in one sentence, without its password or a log line', async () => {
    const log = vi.spyOn(console, 'error');
    const port = await freePort();
    const opening = openRedis({ url: `redis://user:secret@127.0.0.1:${port}` });
    const error = await opening.catch((reason: Error) => reason);
    expect(error).toMatchObject({
      message: `Redis at 127.0.0.1:${port} cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}). Start it, or unset REDIS_URL to use the built-in one.`,
    });
    expect(log).not.toHaveBeenCalled();
  });

  it('a server that accepts but never answers is given up within seconds', async () => {
    const silent = createServer();
    const origin = await listenOnLoopback(silent);
    const opening = openRedis({ url: origin.replace('http', 'redis') });
    await expect(opening).rejects.toThrow(/cannot be reached/);
    silent.close();
  }, 8_000);

  it.each(['127.0.0.1:6379', 'http://127.0.0.1', 'redis://'])(
    '%s is refused as a URL',
    async (url) => {
      await expect(openRedis({ url })).rejects.toThrow(/REDIS_URL must look like/);
    },
  );
});

function toText(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(toText);
  return Buffer.isBuffer(reply) ? reply.toString() : reply;
}
