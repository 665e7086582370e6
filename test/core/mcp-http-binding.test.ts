import { expect, it } from 'vitest';
import { createMcpRoute } from '../../core/mcp/http-binding.ts';
import {
  MCP_HEADERS,
  MCP_PRINCIPAL,
  MCP_URL,
  message,
  post,
  readAnswer,
} from '../support/mcp-caller.ts';

const route = createMcpRoute({
  catalog: { search: async () => [] },
  allowedOrigins: ['https://shop.example'],
  maxBodyBytes: 10_000,
  report: () => {},
});

it.each([
  ['a batch', `[${message('tools/list')}]`, -32_600],
  ['a batch behind white space', ` \n\t[${message('tools/list')}]`, -32_600],
  ['broken JSON', '{"jsonrpc":', -32_700],
  ['invalid UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), -32_700],
  ['no object', '"tools/list"', -32_700],
  ['an empty body', '', -32_700],
])('%s is a protocol error', async (_, body, code) => {
  const response = await post(route, body);
  expect(response.status).toBe(400);
  expect(await readAnswer(response)).toMatchObject({ id: null, error: { code } });
});

it.each([
  ['a foreign origin', { origin: 'https://evil.example' }, 'origin_not_allowed'],
  ['the origin of a sandboxed page', { origin: 'null' }, 'origin_not_allowed'],
  [
    'an allowed origin on another port',
    { origin: 'https://shop.example:444' },
    'origin_not_allowed',
  ],
  ['another content type', { 'content-type': 'text/plain' }, 'unsupported_media_type'],
])('%s is refused', async (_, headers, code) => {
  await expect(post(route, message('tools/list'), headers)).rejects.toMatchObject({ code });
});

it('an allowed origin passes', async () => {
  const response = await post(route, message('tools/list'), { origin: 'https://shop.example' });
  expect(response.status).toBe(200);
});

it.each(['GET', 'DELETE', 'PUT'])('%s is refused', async (method) => {
  await expect(route(new Request(MCP_URL, { method }), MCP_PRINCIPAL)).rejects.toMatchObject({
    code: 'method_not_allowed',
  });
});

it('a body above the bound is refused, whatever length it claims', async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
  });
  const init = { method: 'POST', headers: MCP_HEADERS, body, duplex: 'half' } as RequestInit;
  await expect(route(new Request(MCP_URL, init), MCP_PRINCIPAL)).rejects.toMatchObject({
    code: 'request_too_large',
  });
});
