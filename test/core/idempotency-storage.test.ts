/** Where the answers of idempotency keys are, how long, and what happens when they are not. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { TABLES } from '../../infra/tables.ts';
import { whole } from '../support/chat-core.ts';
import {
  ask,
  SEALING_KEY,
  startDatabase,
  startIdempotentCore,
} from '../support/idempotent-core.ts';
import { delta, finish, type RawScript, SSE_HEAD, sse } from '../support/raw-provider.ts';

const DAY_MS = 86_400_000;
const TableName = TABLES.idempotency.name;

const CANARY = 'canary'.repeat(4);
/** As it is, and as it reads in base64, wherever it may begin there. */
const READINGS = [
  CANARY,
  ...['', '-', '--'].map((before) =>
    Buffer.from(before + CANARY)
      .toString('base64')
      .slice(4, -4),
  ),
];

let database: Awaited<ReturnType<typeof startDatabase>> | undefined;
const openDatabase = async () => {
  database = await startDatabase();
  return database;
};
afterEach(() => database?.[Symbol.asyncDispose]());

const saying =
  (words: string): RawScript =>
  (socket) =>
    void socket.end(SSE_HEAD + delta(words) + finish() + sse('[DONE]'));

const isReplayed = ({ headers }: Response) => headers.get('idempotent-replayed') === 'true';
const codeOf = async (response: Response) => (await response.json()).error?.code;

describe('an answer that was kept', () => {
  it('is given again for 24 hours, and then forgotten', async () => {
    await using core = await startIdempotentCore(whole, { database: await openDatabase() });
    await core.chat('key');
    core.pass(DAY_MS - 5_000);
    expect(isReplayed(await core.chat('key'))).toBe(true);
    core.pass(5_000);
    expect(isReplayed(await core.chat('key'))).toBe(false);
    expect(core.provider.requests).toHaveLength(2);
  });

  it.each([
    ['short, in the table', 20],
    ['long, as a blob', 1_000_000],
  ])('%s, survives a restart, and is nowhere in plain text', async (_, length) => {
    const database = await openDatabase();
    const script = saying(CANARY.padEnd(length, '-'));
    const asking = { model: 'up', messages: [{ role: 'user', content: CANARY }] };
    let first: string;
    {
      await using core = await startIdempotentCore(script, { database });
      first = await (await core.chat(CANARY, asking)).text();
      await core.settled();
    }
    await database.stop();
    const files = await readdir(database.folder, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const file of files.filter((entry) => entry.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), 'latin1');
      expect(READINGS.filter((reading) => text.includes(reading))).toEqual([]);
      bytes += text.length;
    }
    expect(bytes).toBeGreaterThan(length);
    await database.restart();
    await using core = await startIdempotentCore(script, { database });
    const second = await core.chat(CANARY, asking);
    expect([isReplayed(second), await second.text()]).toEqual([true, first]);
    expect(core.provider.requests).toHaveLength(0);
  });

  it('is there when its stream ends: who has seen [DONE] can ask again', async () => {
    const asked = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    const put = () => {
      asked.resolve();
      return stored.promise;
    };
    await using core = await startIdempotentCore(saying('-'.repeat(500_000)), {
      database: await openDatabase(),
      blobs: { put, find: async () => undefined },
    });
    const { body } = await core.chat('key', { ...ask, stream: true });
    let text = '';
    const read = body?.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(part) {
          text += part;
        },
      }),
    );
    await asked.promise;
    await sleep(20);
    expect(text).toMatch(/"finish_reason":"stop"/);
    expect(text).not.toMatch(/\[DONE\]/);
    stored.resolve();
    await read;
    expect(text).toMatch(/\[DONE\]\n\n$/);
  });

  it('longer than 4 MB passes whole; asked for again, it is said not to have been kept', async () => {
    const words = '-'.repeat(500_000);
    await using core = await startIdempotentCore(
      (socket) => void socket.end(SSE_HEAD + delta(words).repeat(9) + finish() + sse('[DONE]')),
      { database: await openDatabase() },
    );
    const body = { ...ask, stream: true };
    const first = await (await core.chat('key', body)).text();
    expect(first.length).toBeGreaterThan(4_500_000);
    expect(first).toMatch(/\[DONE\]\n\n$/);
    const second = await core.chat('key', body);
    expect([second.status, await codeOf(second)]).toEqual([422, 'idempotency_not_kept']);
  });

  it('opens with the previous sealing key, and is lost without it', async () => {
    const database = await openDatabase();
    const NEW = 'n'.repeat(43);
    const rotations = [
      [{ current: SEALING_KEY }, false, []],
      [{ current: NEW, previous: SEALING_KEY }, true, []],
      [{ current: NEW }, false, ['kept-answer-lost']],
      [{ current: NEW }, true, []],
    ] as const;
    for (const [sealingKeys, replayed, reports] of rotations) {
      await using core = await startIdempotentCore(whole, { database, sealingKeys });
      const answer = await core.chat('key');
      expect([answer.status, isReplayed(answer)]).toEqual([200, replayed]);
      expect(core.reports).toEqual(reports);
    }
  });

  it('that was tampered with counts as none, and the operator is told', async () => {
    await using core = await startIdempotentCore(whole, { database: await openDatabase() });
    await core.chat('key');
    const { Items: [item] = [] } = await core.documents.send(new ScanCommand({ TableName }));
    const sealed: Uint8Array = item?.sealed;
    await core.documents.send(
      new UpdateCommand({
        TableName,
        Key: { PK: item?.PK, SK: item?.SK },
        UpdateExpression: 'SET sealed = :sealed',
        ExpressionAttributeValues: { ':sealed': sealed.with(99, (sealed[99] ?? 0) ^ 1) },
      }),
    );
    const answer = await core.chat('key');
    expect([answer.status, isReplayed(answer)]).toEqual([200, false]);
    expect(core.reports).toEqual(['kept-answer-lost']);
    expect(isReplayed(await core.chat('key'))).toBe(true);
  });
});

describe('the claim on a key', () => {
  it('of a core that crashed ends after the request’s deadline, and what comes later is not kept', async () => {
    const crash = Promise.withResolvers<void>();
    let calls = 0;
    await using core = await startIdempotentCore(
      async (socket, request) => {
        calls += 1;
        if (calls > 1) return saying('second')(socket, request);
        await crash.promise;
        return saying('first')(socket, request);
      },
      { database: await openDatabase() },
    );
    const first = core.chat('key');
    while (calls === 0) await new Promise(setImmediate);
    core.pass(120_000 + 29_000);
    expect(await codeOf(await core.chat('key'))).toBe('idempotency_in_flight');
    core.pass(2_000);
    expect(await (await core.chat('key')).text()).toContain('second');
    crash.resolve();
    await first;
    expect(await (await core.chat('key')).text()).toContain('second');
    expect(core.reports).toEqual(['answer-not-kept']);
  });
});

describe('without its stores', () => {
  it('a request with a key is refused before anybody is asked', async () => {
    const database = await openDatabase();
    await using core = await startIdempotentCore(whole, { database });
    await database.stop();
    const answer = await core.chat('key');
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'core_unavailable']);
    expect(core.provider.requests).toHaveLength(0);
    await database.restart();
  });

  it('an answer that nobody can keep is delivered, and not asked for a second time', async () => {
    const blobs = {
      put: () => Promise.reject(new Error('The store is down.')),
      find: () => Promise.reject(new Error('The store is down.')),
    };
    await using core = await startIdempotentCore(saying('-'.repeat(500_000)), {
      database: await openDatabase(),
      blobs,
    });
    expect((await core.chat('key')).status).toBe(200);
    expect(core.reports).toEqual(['answer-not-kept']);
    const second = await core.chat('key');
    expect([second.status, await codeOf(second)]).toEqual([422, 'idempotency_not_kept']);
    expect(core.provider.requests).toHaveLength(1);
  });
});
