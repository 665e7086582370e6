/** `/admin/requests`: the request log newest first, one request explained, and all of it as a file. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import type { CoreContext } from '../http/request-facts.ts';
import { textStream } from '../http/text-stream.ts';
import type { RequestLogRow, RowPlace } from '../ledger/request-log.ts';
import type { AdminDeps } from './admin-deps.ts';
import { placeOf, toCursor } from './cursor.ts';
import { queryOf } from './operator-input.ts';
import { receiptOf } from './receipt.ts';
import { csvHead, csvLine } from './request-csv.ts';
import { filterShape, toFilter } from './requests-query.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;
/** Of rows read at a time for an export. */
const EXPORT_PAGE = 500;

const listSchema = z.strictObject({
  ...filterShape,
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().optional(),
});

const placeSchema = z.strictObject({
  timestamp: z.iso.datetime({ offset: true }),
  requestId: z.string(),
});

export const listRequests =
  ({ log }: AdminDeps) =>
  async (c: CoreContext) => {
    const { limit, cursor, ...filter } = queryOf(c, listSchema);
    const before = cursor === undefined ? undefined : placeOf(cursor, placeSchema);
    const rows = await log.list({ ...toFilter(filter), ...(before && { before }), limit });
    const last = rows.length < limit ? undefined : rows.at(-1);
    return c.json({ data: rows, cursor: last ? toCursor(placeIn(last)) : null });
  };

const placeIn = ({ timestamp, requestId }: RequestLogRow): RowPlace => ({ timestamp, requestId });

export const showRequest =
  ({ log, contentLog, keyStore, tenants, defaultLimits }: AdminDeps) =>
  async (c: CoreContext) => {
    const requestId = c.req.param('requestId') ?? '';
    const row = await log.find(requestId);
    if (!row) {
      const message = 'There is no such request in the log, or not any more.';
      throw new Fault('resource_not_found', { message });
    }
    const [key, tenant, content] = await Promise.all([
      keyStore.findById(row.keyId),
      tenants.find(row.tenantId),
      contentLog.find(row),
    ]);
    return c.json({ ...receiptOf(row, { key, tenant, defaultLimits }), content });
  };

const exportSchema = z.strictObject({ ...filterShape, format: z.enum(['csv', 'jsonl']) });

const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8; header=present', head: csvHead, line: csvLine },
  jsonl: {
    type: 'application/jsonl',
    head: '',
    line: (row: RequestLogRow) => `${JSON.stringify(row)}\n`,
  },
} as const;

/** Read as it is sent; a failure breaks the answer off, so that nobody takes a part for the whole. */
export const exportRequests =
  ({ log }: AdminDeps) =>
  (c: CoreContext) => {
    const { format, ...filter } = queryOf(c, exportSchema);
    const { type, head, line } = FORMATS[format];
    const lines = async function* () {
      if (head) yield head;
      for await (const rows of pagesOf(log, toFilter(filter))) yield rows.map(line).join('');
    };
    return c.body(textStream(lines()), 200, { 'content-type': type });
  };

async function* pagesOf(
  log: AdminDeps['log'],
  filter: ReturnType<typeof toFilter>,
): AsyncGenerator<readonly RequestLogRow[]> {
  let before: RowPlace | undefined;
  do {
    const rows = await log.list({ ...filter, ...(before && { before }), limit: EXPORT_PAGE });
    if (rows.length > 0) yield rows;
    const last = rows.length < EXPORT_PAGE ? undefined : rows.at(-1);
    before = last && placeIn(last);
  } while (before);
}
