import { describe, expect, it } from 'vitest';
import { formatSseEvent, SSE_CONTENT_TYPE, SSE_DONE } from '../../../../core/contract/sse.ts';
import { endOf, toKeptAnswer } from '../../../../core/idempotency/kept-answer.ts';

const stream = (...events: string[]) => ({
  status: 200,
  headers: { 'content-type': SSE_CONTENT_TYPE },
  body: events.join(''),
});
const json = (status: number) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: '{"error":{}}',
});
const chunk = formatSseEvent({ choices: [] });
const quoting = formatSseEvent({ choices: [{ delta: { content: '\n\ndata: {"error":' } }] });
const error = formatSseEvent({ error: { code: 'upstream_stream_interrupted' } });

describe('an answer to be kept', () => {
  it.each([
    ['a stream with [DONE]', stream(chunk, SSE_DONE), 'whole'],
    ['a stream with an error after its content', stream(chunk, error), 'broken'],
    ['a stream of nothing but an error', stream(error), 'failed'],
    ['a stream that just stops', stream(chunk, chunk), 'cut'],
    ['a stream of one event', stream(chunk), 'cut'],
    ['a stream of nothing', stream(), 'cut'],
    ['a stream whose content speaks of an error', stream(chunk, quoting, SSE_DONE), 'whole'],
    ['JSON', json(200), 'whole'],
    ['an error', json(502), 'failed'],
  ])('%s', (_, answer, end) => expect(endOf(answer)).toBe(end));

  it('has the headers that are about the answer, and none about the request', () => {
    const headers = {
      'content-type': 'application/json',
      'x-gateway-provider': 'openai',
      'x-gateway-cost': '0.1',
      'x-request-id': 'first',
      'x-ratelimit-remaining-tokens': '7',
      'set-cookie': 'a=b',
    };
    expect(toKeptAnswer(new Response('', { headers }), '{}')).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-gateway-provider': 'openai',
        'x-gateway-cost': '0.1',
      },
      body: '{}',
    });
  });
});
