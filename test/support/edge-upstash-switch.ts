/** Stands before the Upstash endpoint and breaks it as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../infra/local/listen.ts';

export type UpstashMode = 'up' | 'off' | 'hanging' | 'failing' | 'rubbish';

export interface UpstashSwitch {
  readonly url: string;
  mode: UpstashMode;
  /** Bodies of the requests that came, whatever became of them. */
  readonly received: string[];
  close(): Promise<void>;
}

export async function startUpstashSwitch(target: string): Promise<UpstashSwitch> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    upstash.received.push(body);
    const answering = async () => ANSWERS[upstash.mode]({ request, body, target }, response);
    await answering().catch(() => response.destroy());
  });
  const upstash: UpstashSwitch = {
    url: await listenOnLoopback(server),
    mode: 'up',
    received: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstash;
}

interface Call {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly target: string;
}

const ANSWERS: Readonly<
  Record<UpstashMode, (call: Call, response: ServerResponse) => void | Promise<void>>
> = {
  up: async ({ request, body, target }, response) => {
    const headers = {
      'content-type': 'application/json',
      authorization: request.headers.authorization ?? '',
    };
    const answer = await fetch(target + request.url, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  },
  off: (_, response) => {
    response.destroy();
  },
  hanging: () => undefined,
  failing: (_, response) => {
    response.writeHead(500).end('{"error":"ERR internal"}');
  },
  rubbish: (_, response) => {
    response.writeHead(200).end('<html>not redis</html>');
  },
};
