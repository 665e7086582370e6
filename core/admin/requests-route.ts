/** `GET /admin/requests`: the request log, newest first, by opaque cursors. */
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { parseInput } from '../contract/parse-input.ts';
import { type CoreContext, principalWith } from '../http/request-facts.ts';
import type { RequestLog, RequestLogRow, RowPlace } from '../ledger/request-log.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

const instant = z.iso.datetime({ offset: true });
/** Rows are compared by their text, which is always in UTC and has milliseconds. */
const from = z.union([instant, z.iso.date()]).transform((text) => new Date(text).toISOString());
const to = z.union([
  instant.transform((text) => new Date(text).toISOString()),
  z.iso.date().transform((day) => `${day}T23:59:59.999Z`),
]);

const querySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().optional(),
  userId: z.string().optional(),
  keyId: z.string().optional(),
  from: from.optional(),
  to: to.optional(),
  success: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});

const placeSchema = z.strictObject({ timestamp: instant, requestId: z.string() });

export const requestsRoute = (log: RequestLog) => async (c: CoreContext) => {
  principalWith('admin', c);
  const parsed = parseInput(querySchema, { value: c.req.query(), from: 'query' });
  if (parsed instanceof Fault) throw parsed;
  const { limit, cursor, ...filter } = parsed;
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
