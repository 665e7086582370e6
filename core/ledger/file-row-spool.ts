/** Rows put aside on one machine: lines of JSON in a file that one process owns. */
import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type RequestLogRow, requestLogRowSchema } from './request-log.ts';
import type { RowSpool } from './row-spool.ts';

export interface FileRowSpoolOptions {
  readonly path: string;
  /** Told of a line that holds no row, such as what is left of a write that did not end; it is then dropped. */
  readonly onUnreadable: (line: string) => void;
}

export interface FileRowSpool extends RowSpool {
  /** Hands every row to `deliver`; those that it rejects stay, for the next time. */
  replay(deliver: Deliver): Promise<void>;
}

/** So many rows are delivered at a time; if none of them is taken, the log is down, and the others wait too. */
const BATCH_SIZE = 25;

/**
 * A replay works on a file of its own, to which the spool was renamed before: what is put aside meanwhile
 * is not in it, and a replay that dies is taken up by the next one, with rows that may be there already.
 */
export function createFileRowSpool({ path, onUnreadable }: FileRowSpoolOptions): FileRowSpool {
  const writing = createQueue();
  const replaying = createQueue();
  const put = (rows: readonly RequestLogRow[]) => writing(() => appendDurably(path, rows));

  const replayFile = async (file: string, deliver: Deliver): Promise<void> => {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    const rows = lines.flatMap((line) => {
      const row = parseRow(line);
      if (!row) onUnreadable(line);
      return row ?? [];
    });
    const left = await deliverAll(rows, deliver);
    if (left.length > 0) await put(left);
    await rm(file);
  };

  const replay = async (deliver: Deliver): Promise<void> => {
    await writing(() => rename(path, `${path}.${randomUUID()}`).catch(unlessMissing));
    const prefix = `${basename(path)}.`;
    for (const name of await readdir(dirname(path))) {
      if (name.startsWith(prefix)) await replayFile(join(dirname(path), name), deliver);
    }
  };

  return { put: (row) => put([row]), replay: (deliver) => replaying(() => replay(deliver)) };
}

type Deliver = (row: RequestLogRow) => Promise<void>;

/** Answers the rows that were not taken. */
async function deliverAll(
  rows: readonly RequestLogRow[],
  deliver: Deliver,
): Promise<readonly RequestLogRow[]> {
  const left: RequestLogRow[] = [];
  for (let start = 0; start < rows.length; start += BATCH_SIZE) {
    const batch = rows.slice(start, start + BATCH_SIZE);
    const results = await Promise.allSettled(batch.map(deliver));
    const refused = batch.filter((_, index) => results[index]?.status === 'rejected');
    left.push(...refused);
    if (refused.length === batch.length) return [...left, ...rows.slice(start + BATCH_SIZE)];
  }
  return left;
}

/** One after the other: a line must not land in a file after that has been read. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A line begins with its break, so that it stands alone even behind a line that was cut off. */
async function appendDurably(path: string, rows: readonly RequestLogRow[]): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(rows.map((row) => `\n${JSON.stringify(row)}`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

function parseRow(line: string): RequestLogRow | undefined {
  try {
    return requestLogRowSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
