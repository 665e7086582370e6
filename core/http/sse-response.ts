/** Chunks → the bytes of an event stream that ends in exactly one of `[DONE]` and an error event. */
import { type Clock, within } from '../attempts/clock.ts';
import type { ChatChunk } from '../contract/chat.ts';
import { Fault, faultEnvelope, toFault } from '../contract/fault.ts';
import {
  formatSseEvent,
  formatSseUsage,
  SSE_CONTENT_TYPE,
  SSE_DONE,
  SSE_PING,
} from '../contract/sse.ts';

export interface SseOptions {
  readonly requestId: string;
  readonly clock: Clock;
  /** Fires when the client has gone, however that became known. */
  readonly signal: AbortSignal;
  /** Called when the reader has gone before the end. */
  readonly onCancel: () => void;
  /** Called once, when the chunks have come to their end. */
  readonly onEnd: () => void;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the client asked for usage; else it travels as a comment, for the edge to keep. */
  readonly includeUsage: boolean;
}

/**
 * After so long a silence a comment keeps the line open. A server may notice only when it writes that
 * its client has hung up: so this is also how soon that is known.
 */
const PING_AFTER_MS = 1_000;
/** A reader that takes nothing for so long has left. */
const READ_WITHIN_MS = 30_000;

/** Pulls one chunk for each that the reader takes, so that a slow client slows the provider down. */
export function sseResponse(chunks: AsyncGenerator<ChatChunk>, options: SseOptions): Response {
  const encoder = new TextEncoder();
  const events = toEvents(chunks, options);
  const { clock, signal } = options;
  let pending: Promise<IteratorResult<string>> | undefined;
  const leave = async () => {
    // Chunks that were never asked for would not learn that they have ended.
    pending ??= events.next();
    await events.return(undefined);
  };
  // Nobody pulls any more: the chunks still have to come to their end.
  if (signal.aborted) void leave();
  else signal.addEventListener('abort', () => void leave(), { once: true });
  let isRead = (): void => undefined;
  const send = (controller: ReadableStreamDefaultController<Uint8Array>, text: string) => {
    controller.enqueue(encoder.encode(text));
    isRead = clock.after(READ_WITHIN_MS, () => {
      options.onCancel();
      const fault = new Fault('request_timeout', { message: 'The client read no further.' });
      controller.enqueue(encoder.encode(toErrorEvent(fault, options)));
      controller.close();
    });
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        isRead();
        pending ??= events.next();
        const next = await within(PING_AFTER_MS, pending, clock);
        if (next === 'late') return send(controller, SSE_PING);
        pending = undefined;
        if (next.done) controller.close();
        else send(controller, next.value);
      },
      async cancel() {
        isRead();
        options.onCancel();
        await leave();
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
  options: SseOptions,
): AsyncGenerator<string, undefined> {
  try {
    for await (const chunk of chunks) {
      const asEvent = options.includeUsage || !chunk.usage;
      yield asEvent ? formatSseEvent(chunk) : formatSseUsage(chunk.usage);
    }
    yield SSE_DONE;
  } catch (error) {
    yield toErrorEvent(toFault(error), options);
  } finally {
    options.onEnd();
  }
}

const toErrorEvent = (fault: Fault, { requestId, clock }: SseOptions): string =>
  formatSseEvent(faultEnvelope(fault, requestId, clock.now()));
