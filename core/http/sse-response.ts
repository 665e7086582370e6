/** Chunks → the bytes of an event stream that ends in exactly one of `[DONE]` and an error event. */
import type { ChatChunk } from '../contract/chat.ts';
import { faultEnvelope, toFault } from '../contract/fault.ts';
import { formatSseEvent, SSE_CONTENT_TYPE, SSE_DONE } from '../contract/sse.ts';

export interface SseOptions {
  readonly requestId: string;
  readonly now: () => number;
  /** Fires when the client has gone, however that became known. */
  readonly signal: AbortSignal;
  /** Called when the reader has gone before the end. */
  readonly onCancel: () => void;
  readonly headers: Readonly<Record<string, string>>;
}

/** Pulls one chunk for each that the reader takes, so that a slow client slows the provider down. */
export function sseResponse(chunks: AsyncGenerator<ChatChunk>, options: SseOptions): Response {
  const encoder = new TextEncoder();
  const events = toEvents(chunks, options);
  // Nobody pulls any more: the chunks still have to come to their end.
  options.signal.addEventListener('abort', () => void events.return(undefined), { once: true });
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        options.onCancel();
        await events.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { ...options.headers, 'content-type': SSE_CONTENT_TYPE, 'x-accel-buffering': 'no' },
  });
}

async function* toEvents(
  chunks: AsyncGenerator<ChatChunk>,
  { requestId, now }: SseOptions,
): AsyncGenerator<string, undefined> {
  try {
    for await (const chunk of chunks) yield formatSseEvent(chunk);
    yield SSE_DONE;
  } catch (error) {
    yield formatSseEvent(faultEnvelope(toFault(error), requestId, now()));
  }
}
