import { createMiddleware } from 'hono/factory';
import { Fault } from '../../core/contract/fault.ts';
import type { EdgeEnv } from './request-context.ts';

/** All names and values together. */
const MAX_BYTES = 32_768;

export const headerLimit = createMiddleware<EdgeEnv>(async (c, next) => {
  let bytes = 0;
  for (const [name, value] of c.req.raw.headers) bytes += name.length + value.length;
  if (bytes > MAX_BYTES) {
    throw new Fault('headers_too_large', {
      message: `The request headers are larger than ${MAX_BYTES} bytes.`,
      details: { maxBytes: MAX_BYTES },
    });
  }
  await next();
});
