import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  bedrockAt,
  begin,
  callOf,
  requestOf,
  said,
  serveBedrock,
  stop,
  textOf,
  usage,
} from '../../../support/bedrock-adapter.ts';
import {
  type Answer,
  type BedrockServer,
  corrupt,
  event,
  exception,
  httpError,
} from '../../../support/bedrock-server.ts';

describe('a failure', () => {
  it.each<[string, Answer, object]>([
    [
      'a limit, with how long to wait',
      httpError(429, 'ThrottlingException', { headers: { 'retry-after': '3' } }),
      {
        reason: 'rate-limited',
        details: { status: 429, upstreamCode: 'ThrottlingException', retryAfterMs: 3000 },
      },
    ],
    ['an outage', httpError(503, 'ServiceUnavailableException'), { reason: 'server-error' }],
    ['an exception nobody knows', httpError(400, 'NewException'), { reason: 'invalid-request' }],
    [
      'too long an input',
      httpError(400, 'ValidationException', { message: 'Input is too long for requested model.' }),
      { reason: 'context-length' },
    ],
    ['a proxy in the way', { status: 502, body: '<html>' }, { reason: 'server-error' }],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      { reason: 'bad-response' },
    ],
    [
      'a page instead of a stream',
      { body: '<!doctype html><p>Welcome' },
      { reason: 'bad-response' },
    ],
    ['an empty stream', { body: [] }, { reason: 'interrupted' }],
    ['a connection dropped without an answer', 'drop', { reason: 'reset' }],
    [
      'a connection reset before the first event',
      { body: [], ending: 'reset' },
      { reason: 'reset' },
    ],
    ['a corrupt frame before any other', { body: [corrupt(begin)] }, { reason: 'bad-response' }],
    [
      'an exception as the first event',
      { body: [exception('throttlingException', 'slow down')] },
      { reason: 'rate-limited', details: { upstreamCode: 'ThrottlingException' } },
    ],
    [
      'a stop that is not a good one',
      { body: [begin, event('messageStop', { stopReason: 'malformed_tool_use' }), usage] },
      { reason: 'bad-response' },
    ],
  ])('before an answer: %s', async (_, reply, failure) => {
    const { adapter, server } = await serveBedrock(() => reply);
    const answer = adapter.generateCompletion(requestOf(), callOf());
    await expect(answer).rejects.toMatchObject({ name: 'ProviderFailure', ...failure });
    expect(server.calls).toHaveLength(1);
  });

  it.each<[string, Answer, object]>([
    ['a reset', { body: [begin, said], ending: 'reset' }, { reason: 'interrupted' }],
    ['an end without a stop', { body: [begin, said] }, { reason: 'interrupted' }],
    ['a cut frame', { body: [begin, said, stop.subarray(0, 9)] }, { reason: 'interrupted' }],
    ['a corrupt frame', { body: [begin, said, corrupt(stop)] }, { reason: 'interrupted' }],
    [
      'a reset after the stop',
      { body: [begin, said, stop, 20], ending: 'reset' },
      { reason: 'interrupted' },
    ],
    [
      'an exception',
      { body: [begin, said, exception('modelStreamErrorException', 'sorry')] },
      { reason: 'server-error', details: { upstreamCode: 'ModelStreamErrorException' } },
    ],
    [
      'an exception the SDK does not know',
      { body: [begin, said, exception('modelTimeoutException', 'sorry')] },
      { reason: 'timeout', details: { upstreamCode: 'ModelTimeoutException' } },
    ],
  ])('amid an answer: %s, after what was said', async (_, reply, failure) => {
    const { adapter } = await serveBedrock(() => reply);
    let heard = '';
    const answer = textOf(adapter.streamCompletion(requestOf(), callOf()), (text) => {
      heard = text;
    });
    await expect(answer).rejects.toMatchObject({ name: 'ProviderFailure', ...failure });
    expect(heard).toBe('Hello');
  });

  it('to connect is told apart', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    await expect(
      bedrockAt(`http://127.0.0.1:${port}`).generateCompletion(requestOf(), callOf()),
    ).rejects.toMatchObject({
      reason: 'connect',
    });
  });

  it('of an upstream that does not speak HTTP is a bad response', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = bedrockAt(`http://127.0.0.1:${port}`).generateCompletion(requestOf(), callOf());
    await expect(answer).rejects.toMatchObject({ reason: 'bad-response' });
    server.close();
  });
});

describe('a caller who leaves', () => {
  const reason = new Error('the client left');

  it('before an answer gets the reason, and the upstream sees it', async () => {
    const abort = new AbortController();
    const { adapter, server } = await serveBedrock(() => {
      abort.abort(reason);
      return 'hang';
    });
    const answer = adapter.generateCompletion(requestOf(), callOf(abort.signal));
    await expect(answer).rejects.toBe(reason);
    await leaving(server);
  });

  it('amid an answer gets the reason, and the upstream sees it', async () => {
    const abort = new AbortController();
    const { adapter, server } = await serveBedrock(() => ({
      body: [begin, said],
      ending: 'stall',
    }));
    const answer = textOf(adapter.streamCompletion(requestOf(), callOf(abort.signal)), () =>
      abort.abort(reason),
    );
    await expect(answer).rejects.toBe(reason);
    await leaving(server);
  });

  it('by reading no further closes the upstream', async () => {
    const { adapter, server } = await serveBedrock(() => ({
      body: [begin, said],
      ending: 'stall',
    }));
    for await (const _ of adapter.streamCompletion(requestOf(), callOf())) break;
    await leaving(server);
  });

  async function leaving(server: BedrockServer) {
    const [call] = server.calls;
    if (call && !call.left.aborted) await once(call.left, 'abort');
  }
});
