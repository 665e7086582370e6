import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import {
  corePid,
  endAll,
  type LocalStack,
  startLocalStack,
  temporaryFolder,
  untilAlone,
} from '../support/local-stack.ts';
import {
  delta,
  finish,
  type RawProvider,
  type RawScript,
  SSE_HEAD,
  sse,
  startRawProvider,
  usage,
} from '../support/raw-provider.ts';

const MAX_BODY_BYTES = 20_000;
/** The provider that is asked this never answers. */
const SILENCE = 'Say nothing.';
const WORDS = ['One', 'by', 'one'];

let provider: RawProvider;
let stack: LocalStack;
/** Has the provider say its next word. */
let saySomeMore: () => void;
const script: RawScript = async (socket, { body }) => {
  if (body.includes(SILENCE)) return;
  socket.write(SSE_HEAD);
  for (const word of WORDS) {
    socket.write(delta(word));
    if (body.includes('"stream_words":true')) {
      await new Promise<void>((resolve) => {
        saySomeMore = resolve;
      });
    }
  }
  socket.end(finish() + usage(2, 1) + sse('[DONE]'));
};
beforeAll(async () => {
  provider = await startRawProvider(script);
  const folder = await temporaryFolder({
    providers: [{ name: 'raw', kind: 'local', baseUrl: provider.baseUrl, models: ['one', 'two'] }],
    limits: { maxBodyBytes: MAX_BODY_BYTES },
  });
  stack = await startLocalStack({ folder });
});
afterAll(async () => {
  await endAll();
  await provider[Symbol.asyncDispose]();
});

const envelopeSchema = z.strictObject({
  error: z.strictObject({
    type: z.enum(['AUTHENTICATION_ERROR', 'INVALID_REQUEST', 'PROVIDER_UNAVAILABLE']),
    message: z.string().regex(/^[A-Z"].+\.$/),
    code: z.string(),
    param: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  requestId: z.uuid(),
  timestamp: z.iso.datetime(),
});

/** The code of a refusal that is as the contract says. */
async function codeOf(answer: Response): Promise<string> {
  const { error, requestId } = envelopeSchema.parse(await answer.json());
  expect(answer.headers.get('x-request-id')).toBe(requestId);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return error.code;
}

const say = (content: string, model = 'one') => ({ model, messages: [{ role: 'user', content }] });
const chat = (body: object) => stack.post('/v1/chat/completions', body);
const valid = JSON.stringify(say('Hello?'));
const filler = 'x'.repeat(MAX_BODY_BYTES);

interface Refused {
  readonly what: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
}

const REFUSED: readonly Refused[] = [
  { what: 'no key', headers: { authorization: '' }, status: 401, code: 'missing_credentials' },
  {
    what: 'a wrong key',
    headers: { authorization: 'Bearer gw_local_AAAAAAAAAAAA_nothing' },
    status: 401,
    code: 'invalid_api_key',
  },
  {
    what: 'another scheme',
    headers: { authorization: `Basic ${btoa('user:password')}` },
    status: 401,
    code: 'missing_credentials',
  },
  { what: 'broken JSON', body: '{"model":', status: 400, code: 'invalid_json' },
  {
    what: 'invalid UTF-8',
    body: new Uint8Array([0x7b, 0xff, 0x7d]),
    status: 400,
    code: 'invalid_json',
  },
  {
    what: 'a body that is too large',
    body: JSON.stringify(say(filler)),
    status: 413,
    code: 'request_too_large',
  },
  {
    what: 'no model',
    body: JSON.stringify({ ...say('Hello?'), model: undefined }),
    status: 400,
    code: 'invalid_parameter',
  },
  {
    what: 'an unknown model',
    body: JSON.stringify(say('Hello?', 'three')),
    status: 404,
    code: 'model_not_found',
  },
  {
    what: 'no messages',
    body: '{"model":"one"}',
    status: 400,
    code: 'invalid_parameter',
  },
  { what: 'an unknown path', path: '/v1/nothing', status: 404, code: 'route_not_found' },
  { what: 'a wrong method', method: 'PUT', status: 405, code: 'method_not_allowed' },
  {
    what: 'another content type',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
  },
];

describe('what no provider ever hears of', () => {
  it.each(REFUSED)('$what: $status $code', async ({ status, code, ...request }) => {
    const { path = '/v1/chat/completions', method = 'POST', body = valid, headers } = request;
    const answer = await stack.request(path, {
      method,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
    expect(provider.requests).toEqual([]);
  });

  it('a body that is too large, by its own word or in chunks: refused before it ends', async () => {
    const chunk = `${filler.length.toString(16)}\r\n${filler}\r\n`;
    const answers = await Promise.all([
      sendRaw(`content-length: ${MAX_BODY_BYTES + 1}\r\n\r\n`),
      sendRaw(`transfer-encoding: chunked\r\n\r\n${chunk}${chunk}`),
    ]);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
      expect(answer).toContain('request_too_large');
    }
    expect(provider.requests).toEqual([]);
  });
});

/** Everything that is answered to a request which ends so, and is never finished. */
function sendRaw(rest: string): Promise<string> {
  const socket = connect(stack.port, '127.0.0.1');
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
      `authorization: Bearer ${stack.apiKey}\r\ncontent-type: application/json\r\n${rest}`,
  );
  return text(socket);
}

describe('an answer of a provider', () => {
  it('passes word by word: each is with the client before the provider says the next', async () => {
    const answer = await chat({ ...say('Hello?'), stream: true, stream_words: true });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    for (const word of WORDS) {
      while (!read.includes(`"content":"${word}"`)) read += (await reader?.read())?.value ?? '';
      saySomeMore();
    }
    while (!read.endsWith('data: [DONE]\n\n')) read += (await reader?.read())?.value ?? '';
  });
});

const rowsSchema = z.object({
  data: z.array(z.looseObject({ requestId: z.string(), outcome: z.string() })),
});
const rows = async () => rowsSchema.parse(await stack.admin('/requests')).data;

describe('when the core is killed', () => {
  it('requests get 503 until it is back by itself, and the log has no row twice', async () => {
    const asked = provider.requests.length;
    const logged = (await rows()).length;
    const inFlight = chat(say(SILENCE));
    await expect.poll(() => provider.requests.length).toBe(asked + 1);
    await expect.poll(async () => (await rows())[0]?.outcome).toBe('open');
    process.kill(await corePid(stack), 'SIGKILL');

    const lost = await inFlight;
    expect([lost.status, await codeOf(lost)]).toEqual([503, 'core_unavailable']);
    const askAgain = async () => {
      const answer = await chat(say('Hello again?'));
      if (answer.status !== 200) {
        expect([answer.status, await codeOf(answer)]).toEqual([503, 'core_unavailable']);
      }
      return answer;
    };
    const answered = await vi.waitUntil(
      async () => {
        const answer = await askAgain();
        return answer.ok && answer;
      },
      { timeout: 20_000 },
    );
    await expect.poll(async () => (await rows())[0]?.outcome).toBe('success');
    const [last, left, ...others] = await rows();
    expect(others).toHaveLength(logged);
    expect(last?.requestId).toBe(answered.headers.get('x-request-id'));
    expect(left).toMatchObject({
      requestId: lost.headers.get('x-request-id'),
      outcome: 'abandoned',
    });
    expect(stack.output()).toMatch(/The core ended \(SIGKILL\) and starts again; .*\n$/);
  });

  it('the gateway ends as cleanly as ever afterwards, here by SIGTERM', async () => {
    expect(await stack.stop('SIGTERM')).toBe(0);
    await untilAlone(stack);
  });
});
