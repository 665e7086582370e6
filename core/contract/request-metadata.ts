/** `x-gateway-metadata`: what a client wants to find on the row of its request. */
import * as z from 'zod/mini';
import { Fault } from './fault.ts';
import { HEADER } from './header-names.ts';

const MAX_ENTRIES = 16;
/** Of the header's text, whose characters are bytes. */
const MAX_BYTES = 1_024;

export const requestMetadataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .check(z.refine((metadata) => Object.keys(metadata).length <= MAX_ENTRIES));
export type RequestMetadata = z.infer<typeof requestMetadataSchema>;

/** Undefined without the header; `invalid_parameter` for anything but a small flat JSON object. */
export function parseRequestMetadata(
  header: string | undefined,
): RequestMetadata | undefined | Fault {
  if (header === undefined) return undefined;
  const parsed = header.length > MAX_BYTES ? undefined : parseFlat(header);
  if (parsed) return parsed;
  return new Fault('invalid_parameter', {
    param: HEADER.metadata,
    message: `The header ${HEADER.metadata} must be a JSON object of at most ${MAX_ENTRIES} texts, numbers or booleans and ${MAX_BYTES} bytes.`,
  });
}

function parseFlat(text: string): RequestMetadata | undefined {
  try {
    return requestMetadataSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
