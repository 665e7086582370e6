/**
 * Speaks the wire of Bedrock's runtime on loopback: JSON answers, event-stream frames, and everything
 * that can go wrong with either. A script says what to answer to each call.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStreamCodec } from '@smithy/core/event-streams';

interface BedrockCall {
  readonly method: string;
  /** `converse`, `converse-stream`, `invoke`; for other paths the path itself. */
  readonly operation: string;
  /** Decoded: an ARN comes with slashes. */
  readonly model: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they need.
  readonly body: any;
  /** Fires when the caller closes the connection before the answer is whole. */
  readonly left: AbortSignal;
}

/** What comes after the last bytes: the end, a broken connection, or nothing ever. */
type Ending = 'end' | 'reset' | 'stall';

export interface Reply {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, text as it is, or the frames of an event stream; a number among them waits so many milliseconds. */
  readonly body?: object | string | readonly (Uint8Array | number)[];
  /** Sends the frames in pieces of this size, whatever their own. */
  readonly chunkBytes?: number;
  readonly ending?: Ending;
}

/** `drop` breaks the connection without a word, `hang` keeps it open without one. */
export type Answer = Reply | 'drop' | 'hang';
export type Script = (call: BedrockCall) => Answer | Promise<Answer>;

export interface BedrockServer {
  readonly endpoint: string;
  readonly calls: readonly BedrockCall[];
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export async function startBedrockServer(script: Script): Promise<BedrockServer> {
  const calls: BedrockCall[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    const { pathname } = new URL(request.url ?? '/', 'http://bedrock');
    const [, model = '', operation = pathname] = /^\/model\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    const call: BedrockCall = {
      method: request.method ?? '',
      operation,
      model: decodeURIComponent(model),
      headers: request.headers,
      body: request.method === 'POST' ? await readJson(request) : undefined,
      left: left.signal,
    };
    calls.push(call);
    await answer(response, await script(call));
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(response: ServerResponse, reply: Answer): Promise<void> {
  if (reply === 'hang') return;
  if (reply === 'drop') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status = 200, body = {}, headers, chunkBytes, ending = 'end' } = reply;
  const type = Array.isArray(body) ? 'application/vnd.amazon.eventstream' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.flushHeaders();
  await send(response, toPieces(body, chunkBytes));
  if (ending === 'end') response.end();
  if (ending === 'reset') response.socket?.resetAndDestroy();
}

async function send(response: ServerResponse, pieces: readonly (Uint8Array | number)[]) {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (typeof piece === 'number') await wait(piece);
    else await new Promise((written) => response.write(piece, written));
  }
}

function toPieces(body: NonNullable<Reply['body']>, chunkBytes: number | undefined) {
  if (typeof body === 'string') return [Buffer.from(body)];
  if (!Array.isArray(body)) return [Buffer.from(JSON.stringify(body))];
  if (!chunkBytes) return body;
  return body.flatMap((part) => {
    if (typeof part === 'number') return [part];
    const count = Math.ceil(part.byteLength / chunkBytes);
    return Array.from({ length: count }, (_, at) =>
      part.subarray(at * chunkBytes, (at + 1) * chunkBytes),
    );
  });
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

/** A frame with these headers (without their colons). */
export function frame(headers: Readonly<Record<string, string>>, body = ''): Uint8Array {
  const named = Object.entries(headers).map(
    ([name, value]) => [`:${name}`, { type: 'string', value }] as const,
  );
  return codec.encode({ headers: Object.fromEntries(named), body: Buffer.from(body) });
}

/** An event: `event('messageStop', { stopReason: 'end_turn' })`. */
export const event = (type: string, payload: object): Uint8Array =>
  frame(
    { 'message-type': 'event', 'event-type': type, 'content-type': 'application/json' },
    JSON.stringify(payload),
  );

/** `[{ messageStart: { role } }, …]` → frames. */
export const events = (list: readonly object[]): Uint8Array[] =>
  list.flatMap((item) => Object.entries(item).map(([type, payload]) => event(type, payload)));

/** An exception inside a stream that began with 200: `exception('throttlingException', '…')`. */
export const exception = (type: string, message: string): Uint8Array =>
  frame(
    { 'message-type': 'exception', 'exception-type': type, 'content-type': 'application/json' },
    JSON.stringify({ message }),
  );

/** An error as AWS answers it over HTTP. */
export const httpError = (
  status: number,
  type: string,
  {
    message = 'refused',
    headers = {},
  }: { message?: string; headers?: Record<string, string> } = {},
): Reply => ({ status, headers: { 'x-amzn-errortype': type, ...headers }, body: { message } });

/** Turns one bit of the body over, so that the checksum no longer holds. */
export function corrupt(bytes: Uint8Array): Uint8Array {
  const broken = Buffer.from(bytes);
  const at = broken.byteLength - 5;
  broken.writeUInt8(broken.readUInt8(at) ^ 1, at);
  return broken;
}
