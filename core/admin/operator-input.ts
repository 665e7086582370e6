/** What operators send and are told, alike on every route. */
import type * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { parseInput } from '../contract/parse-input.ts';
import { readJsonBody } from '../http/read-body.ts';
import type { CoreContext } from '../http/request-facts.ts';
import type { Changed } from '../identity/change-key.ts';

/** The parsed body, or what the schema makes of none. Throws the fault that names what is wrong with it. */
export async function bodyOf<Output>(
  c: CoreContext,
  schema: z.ZodType<Output>,
  { maxBodyBytes }: { readonly maxBodyBytes: number },
): Promise<Output> {
  const isEmpty = c.req.raw.body === null || c.req.header('content-length') === '0';
  const value = isEmpty ? {} : await readJsonBody(c.req.raw, maxBodyBytes);
  return parsed(parseInput(schema, { value, from: 'body' }));
}

export const queryOf = <Output>(c: CoreContext, schema: z.ZodType<Output>): Output =>
  parsed(parseInput(schema, { value: c.req.query(), from: 'query' }));

function parsed<Output>(output: Output | Fault): Output {
  if (output instanceof Fault) throw output;
  return output;
}

/** What was changed; the answer says so where the edge could not be told, and learns it later. */
export function toldTo<What>(c: CoreContext, { changed, isMirrored }: Changed<What>): What {
  if (!isMirrored) c.header(HEADER.degraded, 'key-mirror');
  return changed;
}
