/** Where a list goes on: opaque to clients, who may only send back what they were given. */
import type * as z from 'zod';
import { Fault } from '../contract/fault.ts';

export const toCursor = (place: object): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Throws `invalid_parameter` for anything that is not the place of a row in this list. */
export function placeOf<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw notOurs(cause);
  }
}

export function notOurs(cause?: unknown): Fault {
  const message = 'The cursor is not one that this list has given out.';
  return new Fault('invalid_parameter', { param: 'cursor', message, cause });
}
