import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type * as z from 'zod';
import { pageOf, receiptSchema, rowSchema } from '../answers.ts';
import type { Call, Command } from '../command.ts';
import { pathTo, withQuery } from '../paths.ts';
import { receiptText } from '../receipt-text.ts';
import { type Column, table } from '../table.ts';
import { count, duration, time, usdOfMicro } from '../view.ts';

type Row = z.infer<typeof rowSchema>;

const FILTERS = {
  failed: { does: 'only those that failed' },
  user: { value: 'USER', does: 'only those of one user' },
  key: { value: 'ID', does: 'only those of one key' },
  tenant: { value: 'TENANT', does: 'only those of one tenant' },
  from: { value: 'TIME', does: 'a day or a time, such as 2026-03-01 or 2026-03-01T12:00:00Z' },
  to: { value: 'TIME', does: 'a day, to its end, or a time' },
};

const filterOf = (call: Call) => ({
  success: call.flag('failed') ? 'false' : undefined,
  userId: call.option('user'),
  keyId: call.option('key'),
  tenant: call.option('tenant'),
  from: call.option('from'),
  to: call.option('to'),
});

export const requests: Command = {
  name: 'requests',
  takes: [],
  does: 'list requests, the newest first',
  options: {
    ...FILTERS,
    limit: { value: 'N', does: 'at most so many; 20 unless given' },
    cursor: { value: 'CURSOR', does: 'go on where the last list ended' },
  },
  async run(call) {
    const limit = call.option('limit') ?? '20';
    const path = withQuery('/requests', {
      ...filterOf(call),
      limit,
      cursor: call.option('cursor'),
    });
    const { body } = await call.client.send({ method: 'GET', path }, pageOf(rowSchema));
    return {
      json: body,
      text: (view) => {
        if (body.data.length === 0) return 'No request was found.';
        const more = body.cursor ? `\n\nOlder ones: --cursor ${body.cursor}` : '';
        return table(body.data, COLUMNS, view) + view.paint('dim', more);
      },
    };
  },
};

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Time (UTC)', cell: ({ timestamp }) => time(timestamp).slice(5), rank: 1 },
  // Whole, since it is what the receipt is asked for by.
  { title: 'Request', cell: ({ requestId }) => requestId, whole: true },
  {
    title: 'Outcome',
    cell: ({ outcome, errorCode }) => errorCode ?? outcome,
    style: ({ success, outcome }) => {
      if (outcome === 'open') return 'yellow';
      return success ? 'green' : 'red';
    },
  },
  { title: 'Model', cell: ({ model }) => model, rank: 4 },
  { title: 'Provider', cell: ({ provider = '' }) => provider, rank: 7 },
  { title: 'User', cell: ({ userId }) => userId, rank: 8 },
  { title: 'Cache', cell: ({ cache = '' }) => cache, rank: 6 },
  { title: 'Tokens', cell: ({ tokens }) => count(tokens), align: 'right', rank: 5 },
  {
    title: 'Cost',
    cell: ({ costMicroUsd, costStatus }) =>
      costStatus === 'unpriced' ? 'unpriced' : usdOfMicro(costMicroUsd),
    align: 'right',
    rank: 3,
  },
  { title: 'Took', cell: ({ latency }) => duration(latency), align: 'right', rank: 2 },
];

export const request: Command = {
  name: 'request',
  takes: ['ID'],
  does: 'explain one request: its receipt',
  options: {},
  async run(call) {
    const path = pathTo('requests', call.taken[0] ?? '');
    const { body } = await call.client.send({ method: 'GET', path }, receiptSchema);
    return { json: body, text: (view) => receiptText(body, view) };
  },
};

export const exportRequests: Command = {
  name: 'export',
  takes: [],
  does: 'write the request log to a file, or with "-" to the standard output',
  options: {
    csv: { value: 'FILE', does: 'as CSV' },
    jsonl: { value: 'FILE', does: 'as JSON, a line for each request' },
    ...FILTERS,
  },
  async run(call) {
    const format = call.option('csv') === undefined ? 'jsonl' : 'csv';
    const file = call.option(format);
    if (!file || (call.option('csv') && call.option('jsonl'))) {
      throw new Error('Say where to: --csv FILE or --jsonl FILE.');
    }
    const path = withQuery('/requests/export', { format, ...filterOf(call) });
    const lines = await call.client.stream(path);
    if (file === '-') {
      for await (const text of lines) call.write(text);
      return { json: undefined, text: () => '' };
    }
    await writeWhole(file, lines);
    return { json: { file, format }, text: () => `The requests are in ${file}.` };
  },
};

/** A file is whole or is not there. */
async function writeWhole(file: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(lines, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
