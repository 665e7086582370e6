/** The one function through which the core reaches model providers. */
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { Agent } from 'undici';

export type UpstreamFetch = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/**
 * As `fetch` for bodies of text, at half its cost. Connections are kept alive and shared by the
 * provider's requests. Undici's own header and body timers are off: first-token, idle and total limits
 * are the caller's. Redirects are never followed, since only the configuration names hosts.
 */
export function createUpstreamFetch({
  connectTimeoutMs,
}: {
  readonly connectTimeoutMs: number;
}): UpstreamFetch {
  const dispatcher = new Agent({
    connect: { timeout: connectTimeoutMs },
    // Closing one call's connection is how its server learns that nobody listens any more.
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return async (input, { method = 'GET', headers, body, signal } = {}) => {
    const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input);
    const answer = await dispatcher.request({
      origin,
      path: pathname + search,
      method,
      headers: new Headers(headers),
      body: typeof body === 'string' ? body : null,
      signal: signal ?? null,
    });
    return toResponse(answer);
  };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readable;
}

/** The highest that a `Response` takes. */
const MAX_STATUS = 599;
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function toResponse({ statusCode, headers, body }: Answer): Response {
  // Its reader is told of a failure; one before there is a reader must not end the process.
  body.on('error', () => {});
  const content = decompress(body, headers['content-encoding']);
  return new Response(WITHOUT_BODY.has(statusCode) ? null : toStream(content), {
    status: Math.min(statusCode, MAX_STATUS),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String([value].flat()[0])]),
    ),
  });
}

/** Nobody asks for it, since events would wait in the compressor; a few servers do it all the same. */
function decompress(body: Readable, encoding: Answer['headers'][string]): Readable {
  if (encoding === undefined || encoding === 'identity') return body;
  return pipeline(body, encoding === 'br' ? createBrotliDecompress() : createUnzip(), () => {});
}

/** Takes a chunk when it is asked for one, so that a slow reader slows the server down. */
function toStream(content: Readable): ReadableStream {
  const chunks = content[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void content.destroy(),
    },
    { highWaterMark: 0 },
  );
}
