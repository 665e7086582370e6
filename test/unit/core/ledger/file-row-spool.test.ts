import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileRowSpool } from '../../../../core/ledger/file-row-spool.ts';
import type { RequestLogRow } from '../../../../core/ledger/request-log.ts';
import { closedAt, openAt } from '../../../support/a-row.ts';

describe('the spool of rows in a file', () => {
  let folder: string;
  let path: string;
  let unreadable: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
    path = join(folder, 'rows.jsonl');
    unreadable = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = () => createFileRowSpool({ path, onUnreadable: (line) => unreadable.push(line) });
  const replayed = async (spool = open()) => {
    const rows: RequestLogRow[] = [];
    await spool.replay(async (row) => void rows.push(row));
    return rows;
  };
  const rowsAt = (count: number) => Array.from({ length: count }, (_, n) => closedAt(n));

  it('gives back what was put, once, also to the process after it, and leaves no file', async () => {
    const spool = open();
    await Promise.all([openAt(1), closedAt(1), closedAt(2)].map(spool.put));
    expect(await replayed()).toEqual([openAt(1), closedAt(1), closedAt(2)]);
    expect(await replayed()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('has nothing where nothing was put', async () => {
    expect(await replayed()).toEqual([]);
  });

  it('is for this user alone', async () => {
    await open().put(closedAt(1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps the rows that are not taken, for the next time', async () => {
    const spool = open();
    await Promise.all(rowsAt(60).map(spool.put));
    const taken: RequestLogRow[] = [];
    await spool.replay(async (row) => {
      if (row.requestId.endsWith('7')) throw new Error('not now');
      taken.push(row);
    });
    const left = rowsAt(60).filter(({ requestId }) => requestId.endsWith('7'));
    expect(taken).toHaveLength(60 - left.length);
    expect(await replayed(spool)).toEqual(left);
  });

  it('does not try every row of many while none is taken, and loses none', async () => {
    const spool = open();
    await Promise.all(rowsAt(200).map(spool.put));
    let tries = 0;
    await spool.replay(async () => {
      tries += 1;
      throw new Error('down');
    });
    expect(tries).toBe(25);
    expect(await replayed(spool)).toHaveLength(200);
  });

  it('takes up a replay that died', async () => {
    await open().put(closedAt(1));
    const dying = open().replay(() => new Promise(() => {}));
    await expect.poll(() => readdir(folder)).not.toContain('rows.jsonl');
    await open().put(closedAt(2));
    expect((await replayed()).map(({ requestId }) => requestId).sort()).toEqual(
      [closedAt(1), closedAt(2)].map(({ requestId }) => requestId),
    );
    void dying;
  });

  it('has what is put while it is being replayed the next time', async () => {
    const spool = open();
    await spool.put(closedAt(1));
    await spool.replay(() => spool.put(closedAt(2)));
    expect(await replayed(spool)).toEqual([closedAt(2)]);
  });

  it('tells of a line that was cut off, and still has the rows around it', async () => {
    await open().put(closedAt(1));
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `${whole}${whole.slice(0, 40)}`);
    await open().put(closedAt(2));
    expect(await replayed()).toEqual([closedAt(1), closedAt(2)]);
    expect(unreadable).toEqual([whole.slice(1, 40)]);
  });

  it('says so when a row cannot be kept', async () => {
    const spool = createFileRowSpool({ path: join(folder, 'no/rows'), onUnreadable: () => {} });
    await expect(spool.put(closedAt(1))).rejects.toThrow('ENOENT');
  });
});
