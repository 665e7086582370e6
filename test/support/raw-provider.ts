/** A provider that speaks raw TCP: what it sends, and when, is exactly what a test writes. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type RawScript = (socket: Socket, request: ReceivedRequest) => void | Promise<void>;

export interface RawProvider extends AsyncDisposable {
  readonly baseUrl: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
}

/** Serves one request a connection. */
export async function startRawProvider(script: RawScript): Promise<RawProvider> {
  const requests: ReceivedRequest[] = [];
  const open = new Set<Socket>();
  const server = createServer(async (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    const request = await readRequest(socket);
    if (!request) return;
    requests.push(request);
    await script(socket, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readRequest(socket: Socket): Promise<ReceivedRequest | undefined> {
  let text = '';
  const ended = once(socket, 'close').catch(() => []);
  for (;;) {
    const [part] = await Promise.race([once(socket, 'data'), ended]);
    if (!Buffer.isBuffer(part)) return undefined;
    text += part.toString('latin1');
    const request = parse(text);
    if (request) return request;
  }
}

function parse(text: string): ReceivedRequest | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const [method = '', path = ''] = requestLine.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
  const body = text.slice(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined;
  return { method, path, headers, body: Buffer.from(body, 'latin1').toString('utf8') };
}

export const SSE_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';

export const sse = (event: object | '[DONE]'): string =>
  `data: ${event === '[DONE]' ? event : JSON.stringify(event)}\n\n`;

export const delta = (content: string): string =>
  sse({ id: 'up-1', model: 'up', created: 5, choices: [{ index: 0, delta: { content } }] });

export const finish = (reason = 'stop'): string =>
  sse({
    id: 'up-1',
    model: 'up',
    created: 5,
    choices: [{ index: 0, delta: {}, finish_reason: reason }],
  });

export const usage = (prompt: number, completion: number): string =>
  sse({
    id: 'up-1',
    choices: [],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    },
  });

export const jsonAnswer = (status: number, body: object, headers = ''): string => {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nconnection: close\r\n${headers}\r\n${text}`;
};
