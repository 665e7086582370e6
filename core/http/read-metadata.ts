import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';
import { parseRequestMetadata, type RequestMetadata } from '../contract/request-metadata.ts';
import type { CoreContext } from './request-facts.ts';

/** Throws `invalid_parameter` for a header that is not as it has to be. */
export function readMetadata(c: CoreContext): RequestMetadata | undefined {
  const metadata = parseRequestMetadata(c.req.header(HEADER.metadata));
  if (metadata instanceof Fault) throw metadata;
  return metadata;
}
