import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type EdgeStack, startEdgeStack } from '../support/edge-stack.ts';

const MAX_BODY_BYTES = 10_000;

let stack: EdgeStack;
let key: string;
beforeAll(async () => {
  stack = await startEdgeStack({ MAX_BODY_BYTES: String(MAX_BODY_BYTES) });
  key = await stack.issueKey();
});
afterAll(() => stack.close());

const post = (
  body: BodyInit,
  headers: Record<string, string> = {},
  path = '/v1/chat/completions',
) =>
  fetch(stack.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
    // A stream has no length: it travels in chunks.
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const chat = (fields: string) =>
  `{"model":"m","messages":[{"role":"user","content":"hi"}]${fields}}`;
const asStream = (bytes: string) => new Blob([bytes]).stream();
const filler = 'x'.repeat(MAX_BODY_BYTES);

describe('bad input is refused by name, and the core never sees it', () => {
  it.each([
    ['no JSON', '{"model":', 400, 'invalid_json'],
    ['no body', '', 400, 'invalid_json'],
    ['a list', '[]', 400, 'invalid_json'],
    ['invalid UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'invalid_json'],
    ['a byte order mark', `\ufeff${chat('')}`, 400, 'invalid_json'],
    ['half a surrogate pair', chat(',"user":"\\ud800"'), 400, 'invalid_json'],
    ['nesting beyond 64 levels', chat(`,"metadata":${nested(65)}`), 400, 'invalid_json'],
    ['nesting beyond any stack', nested(1_600), 400, 'invalid_json'],
    ['a number without end', chat(',"seed":1e400'), 400, 'invalid_parameter'],
    ['an integer that is not exact', chat(',"seed":9007199254740993'), 400, 'invalid_parameter'],
    ['__proto__', chat(',"__proto__":{}'), 400, 'unknown_field'],
    ['a routing field', chat(',"api_base":"http://evil.example"'), 400, 'unknown_field'],
    ['no model', '{"messages":[{"role":"user","content":"hi"}]}', 400, 'invalid_parameter'],
    ['no messages', '{"model":"m"}', 400, 'invalid_parameter'],
    ['a thousand choices', chat(',"n":1000'), 400, 'invalid_parameter'],
    ['a large body', chat(`,"user":"${filler}"`), 413, 'request_too_large'],
    ['a large body in chunks', asStream(chat(`,"user":"${filler}"`)), 413, 'request_too_large'],
  ] as const)('%s', async (_, body, status, code) => {
    const before = stack.core.received.length;
    const answer = await post(body);
    const envelope = await answer.json();
    expect([answer.status, envelope.error.code]).toEqual([status, code]);
    expect(envelope.requestId).toBe(answer.headers.get('x-request-id'));
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(stack.core.received.length).toBe(before);
  });

  it.each([
    ['{"model":', 'The request body is not valid JSON in UTF-8.'],
    [
      chat(',"api_base":"http://evil.example"'),
      'The field "api_base" is not accepted: the gateway\'s configuration alone chooses providers.',
    ],
    [chat(`,"user":"${filler}"`), 'The request body is larger than 10000 bytes.'],
  ])('in a sentence that says what to change: %#', async (body, message) => {
    expect((await (await post(body)).json()).error.message).toBe(message);
  });

  it.each([
    ['text/plain', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/jsonp', 415],
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
  ])('content type %s: %d', async (type, status) => {
    expect((await post(JSON.stringify(ask()), { 'content-type': type })).status).toBe(status);
  });

  it('a body of many mebibytes is refused so that a client that is still sending hears it', async () => {
    for (let i = 0; i < 5; i++) expect((await post('x'.repeat(11_000_000))).status).toBe(413);
  });

  it('a client that leaves amid its body is a 408 in the log, without a place to look into', async () => {
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${MAX_BODY_BYTES}\r\n\r\n{"model":`,
    );
    await once(socket, 'connect');
    socket.destroy();
    const printed = () => stack.logs.find((line) => line.includes('"status":408')) ?? '';
    await expect.poll(printed, { timeout: 10_000 }).toContain('"code":"request_timeout"');
    expect(printed()).not.toContain('thrown');
  });

  it('headers of more than 32 KiB are refused before the credential is read', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`x-${index}`, 'x'.repeat(8_000)]),
    );
    const answer = await fetch(`${stack.url}/v1/models`, { headers });
    expect([answer.status, (await answer.json()).error.code]).toEqual([431, 'headers_too_large']);
  });

  it('a length that is too large is refused even if the body never comes', async () => {
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${MAX_BODY_BYTES + 1}\r\nconnection: close\r\n\r\n`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it.each([
    ['/admin/keys', 'POST', '{', 400],
    ['/admin/keys/1', 'PATCH', '"text"', 400],
    ['/admin/keys/1/rotate', 'POST', '', 200],
  ])('%s checks its bodies as well: %s %s', async (path, method, body, status) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(stack.url + path, { method, headers, body });
    expect(answer.status).toBe(status);
  });

  it.each(['a model', 'a#b', 'a?b', 'a\\b', '../secret', 'ｇpt', 'a\u0000'])(
    'no model is called %j',
    async (id) => {
      const path = `/v1/models/${encodeURIComponent(id)}`;
      const answer = await fetch(stack.url + path, { headers: { authorization: `Bearer ${key}` } });
      expect([answer.status, (await answer.json()).error.code]).toEqual([404, 'model_not_found']);
    },
  );
});

describe('what was checked is what is sent on', () => {
  it('of a field given twice, the last one counts everywhere', async () => {
    const limited = await stack.issueKey({ models: ['cheap'] });
    const body = '{"model":"gold","model":"cheap","messages":[{"role":"user","content":"twice"}]}';
    await post(body, { authorization: `Bearer ${limited}` });
    expect(stack.core.received.at(-1)?.body).toBe(
      '{"model":"cheap","messages":[{"role":"user","content":"twice"}]}',
    );
  });

  it('unknown fields and empty values pass unchanged', async () => {
    const body = ask({ seed: 7, stop: null, x_new: { deep: [1, { a: '' }] } });
    await post(JSON.stringify(body, null, 2));
    expect(JSON.parse(stack.core.received.at(-1)?.body ?? '')).toEqual(body);
  });
});
