/** A model server that answers at once, a stream event by event: what takes time is what stands before it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { listenOnLoopback } from '../../infra/local/listen.ts';
import { announce } from './part.ts';

const identity = { id: 'chatcmpl-1', created: 1_767_225_600, model: 'up' };
const words = ['Hello', ', ', 'what', ' a', ' day', '!'];
const usage = { prompt_tokens: 9, completion_tokens: 6, total_tokens: 15 };

const whole = JSON.stringify({
  ...identity,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: words.join(''), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage,
});

const chunk = (delta: object, finish_reason: string | null = null) => ({
  ...identity,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  usage: null,
});
const streamed = [
  chunk({ role: 'assistant', content: '', refusal: null }),
  ...words.map((content) => chunk({ content })),
  chunk({}, 'stop'),
  { ...identity, object: 'chat.completion.chunk', choices: [], usage },
]
  .map((event) => `data: ${JSON.stringify(event)}\n\n`)
  .concat('data: [DONE]\n\n');

const server = createServer(answer);
server.keepAliveTimeout = 0;
announce({ origin: await listenOnLoopback(server) });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { stream } = (await readJson(request)) as { stream?: boolean };
  response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json');
  for (const event of stream ? streamed : []) {
    response.write(event);
    await turn();
  }
  response.end(stream ? undefined : whole);
}
