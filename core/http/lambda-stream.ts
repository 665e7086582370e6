/**
 * The app as a streaming Lambda function, behind API Gateway REST in transfer mode STREAM. It replaces
 * `streamHandle` of hono/aws-lambda, which writes its own words into a stream that breaks.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyEvent, StreamifyHandler } from 'aws-lambda';
import { toRequest } from './api-gateway-event.ts';

export interface Invocation {
  /** Lambda freezes once the handler resolves: what outlives the answer is registered here. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Fires shortly before Lambda's own deadline. */
  readonly signal: AbortSignal;
}

type StreamHandler = StreamifyHandler<APIGatewayProxyEvent, void>;

/** What is used of Lambda's global `awslambda`. */
export interface StreamingRuntime {
  streamifyResponse(handler: StreamHandler): StreamHandler;
  readonly HttpResponseStream: {
    /** Writes the metadata as JSON and 8 NUL bytes before the first write. */
    from(stream: Writable, metadata: Record<string, unknown>): Writable;
  };
}

/** What the app has left, once its request was aborted, to end its stream and close its log row. */
const DEADLINE_MARGIN_MS = 2_000;

/**
 * `fetch` gets a request whose signal fires shortly before Lambda's own deadline. The handler resolves
 * after the answer and all registered work, and rejects if any of it failed: the runtime then ends the
 * stream as failed, so that nobody takes a cut answer for a whole one.
 */
export function createStreamHandler(
  fetch: (request: Request, invocation: Invocation) => Response | Promise<Response>,
  runtime: StreamingRuntime,
): StreamHandler {
  return runtime.streamifyResponse(async (event, stream, context) => {
    const remainingMs = Math.max(0, context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS);
    const request = toRequest(event, AbortSignal.timeout(remainingMs));
    const work = createWork();
    work.waitUntil(respond());
    await work.finish();

    // Its scope keeps the request: a collected one no longer passes the deadline on to its signal.
    async function respond(): Promise<void> {
      const response = await fetch(request, { waitUntil: work.waitUntil, signal: request.signal });
      await send(response, runtime.HttpResponseStream.from(stream, toMetadata(response)));
    }
  });
}

/** Not for the next hop (RFC 9110, 7.6.1), and cookies, which have a list of their own. */
const OMITTED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const toMetadata = ({ status, headers }: Response): Record<string, unknown> => ({
  statusCode: status,
  headers: Object.fromEntries([...headers].filter(([name]) => !OMITTED_HEADERS.has(name))),
  cookies: headers.getSetCookie(),
});

async function send({ body }: Response, stream: Writable): Promise<void> {
  // The first write sends the metadata, even if it is empty and the body takes its time.
  stream.write('');
  // Waits for drain. On a failure it must not destroy the stream: the runtime still has to mark it.
  if (body) await pipeline(body, stream, { end: false });
  stream.end();
}

function createWork() {
  const pending: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  return {
    waitUntil(work: Promise<unknown>): void {
      pending.push(work.catch((failure: unknown) => failures.push(failure)));
    },
    async finish(): Promise<void> {
      // Work may register more work: the list grows while it is awaited.
      for (const work of pending) await work;
      if (failures.length > 0) throw new AggregateError(failures, 'The invocation failed.');
    },
  };
}
