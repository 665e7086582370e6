/** `GET /admin/requests`: the request log, newest first, by opaque cursors. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import type { RequestLog, RequestLogRow, RowPlace } from '../ledger/request-log.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

const isoTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const querySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().optional(),
  userId: z.string().optional(),
  keyId: z.string().optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

const placeSchema = z.strictObject({ timestamp: isoTime, requestId: z.string() });

export const requestsRoute = (log: RequestLog) => async (c: CoreContext) => {
  principalWith('admin', c);
  const parsed = querySchema.safeParse(c.req.query());
  if (!parsed.success) {
    const param = parsed.error.issues[0]?.path.join('.') ?? '';
    const message = `The query parameter "${param}" is not valid.`;
    throw new Fault('invalid_parameter', { param, message });
  }
  const { limit, cursor, ...filter } = parsed.data;
  const before = cursor === undefined ? undefined : placeOf(cursor);
  const rows = await log.list({ ...defined(filter), ...(before && { before }), limit });
  return c.json({ data: rows, cursor: rows.length < limit ? null : cursorAfter(rows) });
};

const defined = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function cursorAfter(rows: readonly RequestLogRow[]): string | null {
  const last = rows.at(-1);
  if (!last) return null;
  const place: RowPlace = { timestamp: last.timestamp, requestId: last.requestId };
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function placeOf(cursor: string): RowPlace {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    const message = 'The cursor is not one that this list has given out.';
    throw new Fault('invalid_parameter', { param: 'cursor', message, cause });
  }
}
