/** A core on a real socket: believes only hops that verify, remembers what came, answers as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { importJWK, type JWK, jwtVerify } from 'jose';
import type { EdgeRecord } from '../../core/contract/edge-record.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import { fromHopClaims, HOP, type HopCaller } from '../../core/contract/hop.ts';
import type { KeyRecord } from '../../core/contract/principal.ts';
import { SSE_DONE } from '../../core/contract/sse.ts';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { completion, streamEvents, USAGE_COMMENT } from './edge-answers.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly caller: HopCaller;
}

export type CoreHandler = (
  request: ReceivedRequest,
  response: ServerResponse,
) => void | Promise<void>;

export interface CoreStub {
  readonly url: string;
  /** What clients' requests became; the edge's own calls are not among them. */
  readonly received: ReceivedRequest[];
  /** By digest. */
  readonly keys: Map<string, KeyRecord>;
  readonly keyLookUps: { readonly digest: string; readonly requestId: unknown }[];
  readonly records: EdgeRecord[];
  /** How often records were brought, whether they were taken or not. */
  deliveries: number;
  /** Whether records are taken; if not, the connection breaks. */
  takesRecords: boolean;
  /** Ids of requests whose clients left. */
  readonly cancelled: string[];
  /** How client requests are answered, until the next test says otherwise. */
  answer: CoreHandler;
  close(): Promise<void>;
}

export async function startCoreStub(publicKey: JWK): Promise<CoreStub> {
  const verify = hopVerifier(publicKey);
  const server = createServer(async (request, response) => {
    const caller = await verify(String(request.headers[HEADER.hop]));
    if (!caller) return sendJson(response, 401, {});
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: await bodyOf(request), caller };
    if (caller.kind === 'edge') return serveEdge(stub, received, response);
    stub.received.push(received);
    return stub.answer(received, response);
  });
  const stub: CoreStub = {
    url: await listenOnLoopback(server),
    received: [],
    keys: new Map(),
    keyLookUps: [],
    records: [],
    deliveries: 0,
    takesRecords: true,
    cancelled: [],
    answer: answerHello,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

function hopVerifier(publicKey: JWK) {
  const key = importJWK(publicKey, HOP.algorithm);
  return async (token: string): Promise<HopCaller | undefined> => {
    const options = { issuer: HOP.issuer, audience: HOP.audience, algorithms: [HOP.algorithm] };
    const verified = await jwtVerify(token, await key, options).catch(() => undefined);
    return verified && fromHopClaims(verified.payload);
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function serveEdge(stub: CoreStub, request: ReceivedRequest, response: ServerResponse) {
  const { path, headers, body } = request;
  if (path === '/readyz') return sendJson(response, 200, { status: 'ready' });
  if (path === '/internal/records') {
    stub.deliveries += 1;
    if (!stub.takesRecords) return response.destroy();
    stub.records.push(...JSON.parse(body).records);
    return response.writeHead(204).end();
  }
  if (path.startsWith('/internal/cancel/')) {
    stub.cancelled.push(path.replace('/internal/cancel/', ''));
    return response.writeHead(204).end();
  }
  const digest = path.replace('/internal/keys/', '');
  stub.keyLookUps.push({ digest, requestId: headers[HEADER.requestId] });
  const key = stub.keys.get(digest);
  return key ? sendJson(response, 200, key) : sendJson(response, 404, {});
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const ANSWERED_BY = { [HEADER.provider]: 'demo', [HEADER.model]: 'demo-model' };

export function sendStream(response: ServerResponse, events: readonly string[]) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...ANSWERED_BY });
  response.end(events.join(''));
}

/** Greets the tenant by name, so that an answer to another one would show. */
export const answerHello: CoreHandler = ({ body, caller }, response) => {
  const asked = body ? JSON.parse(body) : {};
  const tenant = caller.kind === 'principal' ? caller.principal.tenantId : '';
  const content = `hello ${tenant} and all the rest`;
  if (!asked.stream) return sendJson(response, 200, completion(content), ANSWERED_BY);
  const includeUsage = Boolean(asked.stream_options?.include_usage);
  const end = includeUsage ? [SSE_DONE] : [USAGE_COMMENT, SSE_DONE];
  return sendStream(response, [...streamEvents(content, { includeUsage }), ...end]);
};
