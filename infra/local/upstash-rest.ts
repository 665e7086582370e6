/** An Upstash REST endpoint over any Redis, so that `@upstash/redis` and `@upstash/ratelimit` run unchanged. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from './listen.ts';
import type { RedisBackend } from './redis/backend.ts';
import { type Answer, answer, failure } from './upstash-rest/protocol.ts';

export interface UpstashRest {
  readonly url: string;
  /** Cuts what is under way: close the clients first. */
  close(): Promise<void>;
}

interface Deps {
  readonly redis: RedisBackend;
  readonly token: string;
}

/** Upstash's own bound on a request. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export async function startUpstashRest({ redis, token }: Deps): Promise<UpstashRest> {
  const expected = digest(`Bearer ${token}`);
  const isAuthorized = (request: IncomingMessage) =>
    timingSafeEqual(digest(request.headers.authorization ?? ''), expected);

  const server = createServer((request, response) => {
    const answering = isAuthorized(request)
      ? serve(request, redis)
      : Promise.resolve(failure(401, 'Unauthorized'));
    // Only reading can fail, when the client has left: then nobody waits for an answer.
    answering.then(
      (result) => send(response, result),
      () => response.destroy(),
    );
  });
  // No idle timeout: a pooled connection must not close in the instant a client reuses it.
  server.keepAliveTimeout = 0;
  const url = await listenOnLoopback(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}

async function serve(request: IncomingMessage, redis: RedisBackend): Promise<Answer> {
  const body = await readBody(request);
  if (body === undefined) return failure(413, `ERR the request exceeds ${MAX_BODY_BYTES} bytes`);
  const base64 = request.headers['upstash-encoding'] === 'base64';
  return answer({ route: `${request.method} ${request.url}`, body, base64 }, redis);
}

/** Undefined when the body is too large: then it is read to its end, so that the client hears it, but not kept. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString() : undefined),
    );
    request.on('error', reject);
  });
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
