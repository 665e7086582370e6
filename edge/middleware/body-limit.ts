import { createMiddleware } from 'hono/factory';
import { Fault } from '../../core/contract/fault.ts';
import type { EdgeEnv } from './request-context.ts';

/** A client that is still sending looks for no answer: it may go on for this long, unheard, and is cut off then. */
const DISCARD_MS = 2_000;

/** Reads the body up to `maxBodyBytes`: refused by its declared length, else once more than that arrived. */
export const bodyLimit = (maxBodyBytes: number) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    c.set('bodyBytes', await readBody(c.req.raw, maxBodyBytes));
    await next();
  });

async function readBody(
  { body, headers }: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let fits = !(Number(headers.get('content-length')) > maxBytes);
  while (fits) {
    const { done, value } = await reader.read().catch(stoppedSending);
    if (done) return concatenate(chunks, size);
    chunks.push(value);
    size += value.byteLength;
    fits = size <= maxBytes;
  }
  await discard(reader);
  throw new Fault('request_too_large', {
    message: `The request body is larger than ${maxBytes} bytes.`,
    details: { maxBytes },
  });
}

/** Its client broke off: that is no failure of ours, so no cause is logged. */
function stoppedSending(): never {
  throw new Fault('request_timeout');
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DISCARD_MS);
  await Promise.race([readToEnd(reader), late]);
  clearTimeout(timer);
  await reader.cancel().catch(() => undefined);
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The client has gone: nobody waits for the refusal.
  }
}
