import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  createStreamHandler,
  type Invocation,
  type StreamingRuntime,
} from '../../core/http/lambda-stream.ts';

type App = (request: Request, invocation: Invocation) => Response | Promise<Response>;

const fixture = (name: string): APIGatewayProxyEvent =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/api-gateway/${name}.json`, import.meta.url), 'utf8'),
  );

const DELIMITER = '\0'.repeat(8);

/** Lambda's runtime and the reader behind it: a reader that is slow says itself when it takes a write. */
function createRuntime({ isSlow = false } = {}) {
  const received: Buffer[] = [];
  const take: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 4_096,
    write(chunk, _, done) {
      received.push(chunk);
      if (isSlow) take.push(done);
      else done();
    },
  });
  let contentType = '';
  const runtime: StreamingRuntime = {
    streamifyResponse: (handler) => handler,
    HttpResponseStream: {
      from(sink, metadata) {
        contentType = 'application/vnd.awslambda.http-integration-response';
        const write = sink.write.bind(sink);
        // Like the real one, it sends the metadata with the first write and never with `end`.
        sink.write = (chunk: unknown) => {
          sink.write = write;
          write(JSON.stringify(metadata) + DELIMITER);
          return write(chunk);
        };
        return sink;
      },
    },
  };
  const text = () => Buffer.concat(received).toString();
  return {
    stream,
    takeOne: () => take.shift()?.(),
    invoke: async (app: App, { event = fixture('chat-completion'), remainingMs = 60_000 } = {}) =>
      createStreamHandler(app, runtime)(
        event,
        stream as awslambda.HttpResponseStream,
        {
          getRemainingTimeInMillis: () => remainingMs,
        } as Context,
      ),
    contentType: () => contentType,
    metadata: () => JSON.parse(text().split(DELIMITER)[0] ?? ''),
    body: () => text().split(DELIMITER)[1],
  };
}

/** A body that produces a chunk only when the test says so. */
function createBody() {
  const cancelled = vi.fn();
  const { promise: started, resolve: start } =
    Promise.withResolvers<ReadableStreamDefaultController>();
  const body = new ReadableStream({ start, cancel: cancelled });
  const send = async (text: string) => (await started).enqueue(new TextEncoder().encode(text));
  return { body, cancelled, send, controller: started };
}

const EVENT_STREAM = { headers: { 'content-type': 'text/event-stream' } };

describe('the answer on the stream', () => {
  it('is what the integration reads: metadata, delimiter, body', async () => {
    const { invoke, stream, contentType, metadata, body } = createRuntime();
    await invoke(() => {
      const headers = new Headers({ 'x-request-id': 'r1' });
      headers.append('set-cookie', 'a=1; Path=/');
      headers.append('set-cookie', 'b=2');
      return Response.json({ ok: true }, { status: 201, headers });
    });
    expect(contentType()).toBe('application/vnd.awslambda.http-integration-response');
    expect(metadata()).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r1' },
      cookies: ['a=1; Path=/', 'b=2'],
    });
    expect(body()).toBe('{"ok":true}');
    expect(stream.writableEnded).toBe(true);
  });

  it('has metadata even without a body', async () => {
    const { invoke, metadata, body } = createRuntime();
    await invoke(() => new Response(null, { status: 204 }));
    expect([metadata().statusCode, body()]).toEqual([204, '']);
  });

  it('has no header that is meant for one hop', async () => {
    const app = new Hono().post('/*', (c) =>
      streamSSE(c, async (events) => events.writeSSE({ data: 'one' })),
    );
    const { invoke, metadata, body } = createRuntime();
    await invoke((request) => app.fetch(request));
    expect(metadata().headers).toEqual({
      'cache-control': 'no-cache',
      'content-type': 'text/event-stream',
    });
    expect(body()).toBe('data: one\n\n');
  });

  it('arrives piece by piece: each before the next one exists, metadata before the first', async () => {
    const { invoke, metadata, body } = createRuntime();
    const source = createBody();
    const done = invoke(() => new Response(source.body, EVENT_STREAM));
    await expect.poll(body).toBe('');
    expect(metadata().statusCode).toBe(200);

    await source.send('data: 1\n\n');
    await expect.poll(body).toBe('data: 1\n\n');
    await source.send('data: 2\n\n');
    await expect.poll(body).toBe('data: 1\n\ndata: 2\n\n');
    (await source.controller).close();
    await done;
  });

  it('holds its producer back while the reader is slow', async () => {
    const { invoke, takeOne, stream, body } = createRuntime({ isSlow: true });
    const chunk = new Uint8Array(1_024).fill(97);
    const pull = vi.fn((controller: ReadableStreamDefaultController) => {
      if (pull.mock.calls.length > 100) controller.close();
      else controller.enqueue(chunk);
    });
    const done = invoke(() => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
    await expect.poll(() => stream.writableNeedDrain).toBe(true);
    await new Promise(setImmediate);
    expect(pull.mock.calls.length).toBeLessThan(8);

    stream.on('finish', () => clearInterval(reader));
    const reader = setInterval(takeOne, 0);
    await done;
    await once(stream, 'finish');
    expect(body()).toHaveLength(100 * chunk.length);
  });
});

describe('an answer that fails', () => {
  it('midway is cut by the runtime, without a word of ours', async () => {
    const { invoke, stream, body } = createRuntime();
    const source = createBody();
    const done = invoke(() => new Response(source.body, EVENT_STREAM));
    await source.send('data: 1\n\n');
    await expect.poll(body).toBe('data: 1\n\n');
    (await source.controller).error(new Error('the prompt was: secret'));

    const failure = await done.catch((error: Error) => error);
    expect(failure).toMatchObject({ message: 'The invocation failed.' });
    expect(body()).toBe('data: 1\n\n');
    // The runtime can mark a stream as failed only while it is open.
    expect([stream.writableEnded, stream.destroyed]).toEqual([false, false]);
  });

  it('before it began leaves the stream to the runtime, untouched', async () => {
    const { invoke, contentType, stream } = createRuntime();
    await expect(invoke(() => Promise.reject(new Error('no')))).rejects.toThrow();
    expect([contentType(), stream.writableLength, stream.destroyed]).toEqual(['', 0, false]);
  });

  it('because the reader is gone cancels its body', async () => {
    const { invoke, stream, body } = createRuntime();
    const source = createBody();
    const done = invoke(() => new Response(source.body, EVENT_STREAM));
    await source.send('data: 1\n\n');
    await expect.poll(body).toBe('data: 1\n\n');
    stream.destroy();
    await source.send('data: 2\n\n');
    await expect(done).rejects.toThrow();
    expect(source.cancelled).toHaveBeenCalled();
  });
});

describe('the deadline', () => {
  const untilAborted = (signal: AbortSignal) =>
    new ReadableStream({
      async pull(controller) {
        if (!signal.aborted) await once(signal, 'abort');
        controller.enqueue(new TextEncoder().encode('data: {"error":{}}\n\n'));
        controller.close();
      },
    });

  it('aborts the request while there is time to end the answer', async () => {
    const { invoke, body, stream } = createRuntime();
    const deadline = performance.now() + 2_050;
    let leftMs = 0;
    await invoke(
      ({ signal }) => {
        signal.addEventListener('abort', () => {
          leftMs = deadline - performance.now();
        });
        return new Response(untilAborted(signal));
      },
      { remainingMs: 2_050 },
    );
    expect(leftMs).toBeGreaterThan(500);
    expect(body()).toBe('data: {"error":{}}\n\n');
    expect(stream.writableEnded).toBe(true);
  });

  it('has passed when less than the margin is left', async () => {
    const { invoke, body } = createRuntime();
    await invoke(({ signal }) => new Response(untilAborted(signal)), { remainingMs: 1_000 });
    expect(body()).toBe('data: {"error":{}}\n\n');
  });

  it('reaches an app that kept the signal alone, whatever is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const { invoke, body } = createRuntime();
    const done = invoke(({ signal }) => new Response(untilAborted(signal)), { remainingMs: 2_300 });
    await expect.poll(body).toBe('');
    for (let round = 0; round < 3; round += 1) {
      await new Promise(setImmediate);
      collectGarbage();
    }
    await done;
    expect(body()).toBe('data: {"error":{}}\n\n');
  });
});

describe('work after the answer', () => {
  it('is awaited, also what it registers itself', async () => {
    const { invoke, stream } = createRuntime();
    const finished: string[] = [];
    await invoke((_, { waitUntil }) => {
      waitUntil(
        once(stream, 'finish').then(() => {
          finished.push('row');
          waitUntil(new Promise(setImmediate).then(() => finished.push('queue')));
        }),
      );
      return new Response('whole');
    });
    expect(finished).toEqual(['row', 'queue']);
  });

  it('fails the invocation, not the answer, and stops no other work', async () => {
    const { invoke, stream, body } = createRuntime();
    const other = vi.fn();
    const done = invoke((_, { waitUntil }) => {
      waitUntil(Promise.reject(new Error('the table is gone')));
      waitUntil(once(stream, 'finish').then(other));
      return new Response('whole');
    });
    await expect(done).rejects.toThrow('The invocation failed.');
    expect(body()).toBe('whole');
    expect(other).toHaveBeenCalled();
  });
});

it('Lambda’s own runtime is one that the handler accepts', () => {
  expectTypeOf<typeof awslambda>().toExtend<StreamingRuntime>();
});
