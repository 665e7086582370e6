/** MCP over HTTP: what must hold before the SDK sees a message. https://modelcontextprotocol.io/specification */
import { createMcpHandler, isJsonContentType } from '@modelcontextprotocol/server';
import { Fault } from '../contract/fault.ts';
import { parseJsonBody } from '../contract/json-body.ts';
import type { Principal } from '../contract/principal.ts';
import { readBytes } from '../http/read-body.ts';
import { createMcpServer, type McpServerDeps } from './server.ts';

export interface McpRouteDeps extends McpServerDeps {
  /** Web origins that may call, as in CORS. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
}

/**
 * HTTP refusals are thrown as Faults; the protocol's own errors are JSON-RPC answers. Nobody can call
 * it without a principal at hand, whose scope the caller has checked.
 */
export type McpRoute = (request: Request, principal: Principal) => Promise<Response>;

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const SPACE = 0x20;
const OPENING_BRACKET = 0x5b;

export function createMcpRoute(deps: McpRouteDeps): McpRoute {
  const mcp = createMcpHandler(() => createMcpServer(deps), { onerror: deps.report });

  return async (request) => {
    checkOrigin(request, deps.allowedOrigins);
    checkForm(request);
    const body = await readBytes(request, deps.maxBodyBytes);
    // Each message of a batch would run, and count as one request.
    if (body.find((byte) => byte > SPACE) === OPENING_BRACKET) {
      return protocolError(
        INVALID_REQUEST,
        'Batches are not accepted; send one message a request.',
      );
    }
    const message = parseJsonBody(body);
    if (message instanceof Fault) {
      const code = message.code === 'invalid_json' ? PARSE_ERROR : INVALID_REQUEST;
      return protocolError(code, message.message);
    }
    return mcp.fetch(request, { parsedBody: message });
  };
}

/** A page elsewhere must not reach the server through its visitor's browser; other clients send no Origin. */
function checkOrigin(request: Request, allowedOrigins: readonly string[]) {
  const origin = request.headers.get('origin');
  if (origin !== null && !allowedOrigins.includes(origin)) throw new Fault('origin_not_allowed');
}

function checkForm(request: Request) {
  if (request.method !== 'POST') {
    throw new Fault('method_not_allowed', { details: { allow: 'POST' } });
  }
  if (!isJsonContentType(request.headers.get('content-type'))) {
    throw new Fault('unsupported_media_type');
  }
}

const protocolError = (code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status: 400 });
