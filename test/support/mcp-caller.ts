/** Speaks MCP to a route in this process, by hand: what the official clients would not send. */
import * as z from 'zod';
import { principalSchema } from '../../core/contract/principal.ts';
import type { McpRoute } from '../../core/mcp/http-binding.ts';

export const MCP_URL = 'http://core.test/mcp';
export const MODERN = '2026-07-28';

export const MCP_PRINCIPAL = principalSchema.parse({
  tenantId: 'shop',
  keyId: 'abcd1234',
  userId: 'somebody',
  scopes: ['mcp'],
  policyVersion: 1,
  limits: {},
});

export const MCP_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export const post = (route: McpRoute, body: BodyInit, headers: Record<string, string> = {}) =>
  route(
    new Request(MCP_URL, { method: 'POST', body, headers: { ...MCP_HEADERS, ...headers } }),
    MCP_PRINCIPAL,
  );

export const message = (method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

interface ModernParams {
  readonly name?: string;
  readonly arguments?: object;
  readonly notifications?: object;
}

/** A request of the stateless protocol, which describes itself in body and headers. */
export function postModern(
  route: McpRoute,
  method: string,
  { headers = {}, ...params }: ModernParams & { readonly headers?: Record<string, string> } = {},
) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  };
  return post(route, message(method, { ...params, _meta }), {
    'mcp-protocol-version': MODERN,
    'mcp-method': method,
    ...(params.name && { 'mcp-name': params.name }),
    ...headers,
  });
}

const answerSchema = z.looseObject({
  id: z.union([z.number(), z.null()]),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

/** The answer, whether it came as JSON or as the one event of a stream. */
export async function readAnswer(response: Response) {
  const text = await response.text();
  const event = text.split('\n').find((line) => line.startsWith('data: {'));
  return answerSchema.parse(JSON.parse(event?.slice('data: '.length) ?? text));
}
