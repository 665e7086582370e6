import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseSseItems } from '../../core/contract/sse.ts';
import { ask, startChatCore, whole } from '../support/chat-core.ts';
import { chatInit, PRINCIPAL } from '../support/core-app.ts';
import {
  delta,
  finish,
  jsonAnswer,
  type RawScript,
  SSE_HEAD,
  sse,
} from '../support/raw-provider.ts';

async function eventsOf(response: Response) {
  const { body } = response;
  if (!body) throw new Error('The answer has no body.');
  const items = await Array.fromAsync(parseSseItems(body));
  return items.filter(({ kind }) => kind === 'data').map(({ text }) => text);
}

const textOf = (events: readonly string[]) =>
  events
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data).choices?.[0]?.delta?.content ?? '')
    .join('');

describe('POST /v1/chat/completions', () => {
  it('answers whole, with cost in headers and usage, and leaves one final row', async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/v1/chat/completions', chatInit(ask));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: 'up-1',
      object: 'chat.completion',
      model: 'up',
      choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
      usage: { total_tokens: 15, cost: 0.00002 },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-gateway-provider': 'upstream',
      'x-gateway-model': 'up',
      'x-gateway-attempts': '1',
      'x-gateway-cost': '0.00002',
      'x-gateway-cost-status': 'exact',
    });
    await core.settled();
    expect(core.log.rows()).toEqual([
      expect.objectContaining({
        outcome: 'success',
        success: true,
        provider: 'upstream',
        upstreamModel: 'up',
        tokens: 15,
        costMicroUsd: 20,
        httpStatus: 200,
        keyId: PRINCIPAL.keyId,
      }),
    ]);
  });

  it('streams the same answer, with usage at the end if it was asked for', async () => {
    await using core = await startChatCore(whole);
    const body = { ...ask, stream: true, stream_options: { include_usage: true } };
    const response = await core.fetch('/v1/chat/completions', chatInit(body));
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = await eventsOf(response);
    expect(textOf(events)).toBe('Hello');
    expect(events.at(-1)).toBe('[DONE]');
    expect(JSON.parse(events.at(-2) ?? '')).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [],
      usage: { total_tokens: 15, cost: 0.00002 },
    });
    await core.settled();
    expect(core.log.rows()).toMatchObject([{ outcome: 'success', tokens: 15, stream: true }]);
  });

  it('keeps usage off a stream that did not ask for it, and counts it all the same', async () => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/v1/chat/completions', chatInit({ ...ask, stream: true }));
    const text = await response.text();
    expect(text.match(/^data: .*usage/m)).toBeNull();
    expect(text).toMatch(/^: usage \{.*"total_tokens":15,"cost":0.00002\}\n\ndata: \[DONE\]\n\n$/m);
    await core.settled();
    expect(core.log.rows()).toMatchObject([{ tokens: 15 }]);
  });

  it('passes each chunk on before the next one is made', async () => {
    const next = Promise.withResolvers<void>();
    await using core = await startChatCore(async (socket) => {
      socket.write(SSE_HEAD + delta('first'));
      await next.promise;
      socket.end(delta('second') + finish() + sse('[DONE]'));
    });
    const response = await core.fetch('/v1/chat/completions', chatInit({ ...ask, stream: true }));
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('first');
    next.resolve();
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toContain('second');
    await reader?.cancel();
  });

  it('passes tools and unknown fields to the provider unchanged', async () => {
    await using core = await startChatCore(whole);
    const body = {
      ...ask,
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      top_k: 3,
      messages: [
        ...ask.messages,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'result' },
      ],
    };
    await core.fetch('/v1/chat/completions', chatInit(body));
    expect(JSON.parse(core.provider.requests[0]?.body ?? '')).toEqual({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('ends a stream that the provider broke off with an error event and without [DONE]', async () => {
    await using core = await startChatCore((socket) => {
      socket.write(SSE_HEAD + delta('Hel'), () => setImmediate(() => socket.resetAndDestroy()));
    });
    const response = await core.fetch('/v1/chat/completions', chatInit({ ...ask, stream: true }));
    const events = await eventsOf(response);
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({
      error: { code: 'upstream_stream_interrupted', type: 'PROVIDER_UNAVAILABLE' },
    });
    expect(events).not.toContain('[DONE]');
    await core.settled();
    expect(core.log.rows()).toMatchObject([
      { outcome: 'partial', success: false, errorCode: 'upstream_stream_interrupted' },
    ]);
  });

  it.each<[string, RawScript, number, string]>([
    [
      '500',
      (socket) => void socket.end(jsonAnswer(500, { error: {} })),
      502,
      'upstream_unavailable',
    ],
    [
      '401',
      (socket) => void socket.end(jsonAnswer(401, { error: { message: 'key-canary' } })),
      502,
      'upstream_auth_error',
    ],
    [
      '429',
      (socket) => void socket.end(jsonAnswer(429, { error: {} })),
      429,
      'upstream_rate_limited',
    ],
    [
      '400',
      (socket) => void socket.end(jsonAnswer(400, { error: { param: 'tools' } })),
      400,
      'invalid_parameter',
    ],
    [
      'a redirect',
      (socket) => void socket.end(jsonAnswer(302, {}, 'location: http://127.0.0.1:1/\r\n')),
      502,
      'upstream_bad_response',
    ],
    [
      'HTML',
      (socket) =>
        void socket.end(
          'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>',
        ),
      502,
      'upstream_bad_response',
    ],
    [
      'broken JSON',
      (socket) => void socket.end(`${SSE_HEAD}data: {"choices\n\n`),
      502,
      'upstream_bad_response',
    ],
    [
      'an answer that is cut',
      (socket) => void socket.end(SSE_HEAD + delta('Hel')),
      502,
      'upstream_unavailable',
    ],
    ['a reset', (socket) => void socket.resetAndDestroy(), 502, 'upstream_unavailable'],
  ])(
    'answers %s of the provider with a clean error and a failed row',
    async (_, script, status, code) => {
      await using core = await startChatCore(script);
      const response = await core.fetch('/v1/chat/completions', chatInit(ask));
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(JSON.parse(text)).toMatchObject({ error: { code } });
      expect(text).not.toContain('canary');
      await core.settled();
      expect(core.log.rows()).toMatchObject([
        { outcome: 'failed', errorCode: code, httpStatus: status },
      ]);
      expect(JSON.stringify(core.log.rows())).not.toContain('canary');
    },
  );

  it('takes a JSON answer of a server that does not stream', async () => {
    const message = { role: 'assistant', content: 'Hello' };
    const answer = { id: '1', choices: [{ index: 0, message, finish_reason: 'stop' }] };
    await using core = await startChatCore((socket) => void socket.end(jsonAnswer(200, answer)));
    const response = await core.fetch('/v1/chat/completions', chatInit({ ...ask, stream: true }));
    const events = await eventsOf(response);
    expect(textOf(events)).toBe('Hello');
    expect(events.at(-1)).toBe('[DONE]');
  });

  it('gives up on a provider that never answers', async () => {
    await using core = await startChatCore(() => {}, { timeoutMs: 100 });
    const response = await core.fetch('/v1/chat/completions', chatInit(ask));
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
  });

  it('says so when the provider cannot be reached', async () => {
    await using core = await startChatCore(whole);
    await core.provider[Symbol.asyncDispose]();
    const response = await core.fetch('/v1/chat/completions', chatInit(ask));
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_connect_error' } });
  });

  it.each([
    ['while it waits', async (socket: Parameters<RawScript>[0]) => void socket.write(SSE_HEAD)],
    [
      'in the middle of the stream',
      async (socket: Parameters<RawScript>[0]) => void socket.write(SSE_HEAD + delta('a')),
    ],
  ])('closes the upstream call when the client leaves %s', async (_, script) => {
    await using core = await startChatCore(script);
    const client = new AbortController();
    const answering = core.fetch(
      '/v1/chat/completions',
      chatInit({ ...ask, stream: true }, client.signal),
    );
    const reading = answering.then((response) => response.body?.getReader().read());
    await expect.poll(() => core.provider.requests.length).toBe(1);
    await sleep(20);
    client.abort();
    await reading.catch(() => {});
    await expect.poll(() => core.provider.open.size, { timeout: 2_000 }).toBe(0);
    await expect
      .poll(() => core.log.rows())
      .toMatchObject([{ outcome: 'client_closed', httpStatus: 499, success: false }]);
  });

  it.each([
    ['an unknown model', { ...ask, model: 'no/such' }, 404, 'model_not_found'],
    ['no messages', { model: 'up' }, 400, 'invalid_parameter'],
    ['a routing field', { ...ask, api_base: 'http://x' }, 400, 'unknown_field'],
  ])('refuses %s without asking the provider', async (_, body, status, code) => {
    await using core = await startChatCore(whole);
    const response = await core.fetch('/v1/chat/completions', chatInit(body));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(core.provider.requests).toHaveLength(0);
  });

  it('refuses a model that the key may not use', async () => {
    await using core = await startChatCore(whole);
    const principal = { ...PRINCIPAL, models: ['other'] };
    const response = await core.fetch('/v1/chat/completions', chatInit(ask), {
      kind: 'principal',
      principal,
    });
    expect(response.status).toBe(403);
    expect(core.provider.requests).toHaveLength(0);
  });
});
