/**
 * Server-sent events, both directions, in one place.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */

/**
 * Longest line and event accepted, in UTF-16 units: a peer that never ends one must not fill the memory.
 * @internal
 */
export const MAX_SSE_EVENT = 1_048_576;

export const SSE_CONTENT_TYPE = 'text/event-stream; charset=utf-8';
export const SSE_DONE = 'data: [DONE]\n\n';

export const formatSseEvent = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

export class SseEventTooLong extends Error {
  override readonly name = 'SseEventTooLong';
}

/**
 * Bytes in any chunking → the `data` of each event. An event that the end of input cuts off is
 * dropped, as the standard says. Throws `SseEventTooLong`.
 */
export async function* parseSse(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string | undefined;
  for await (const line of lines(bytes)) {
    if (line !== '') data = withField(data, line);
    else if (data !== undefined) {
      yield data;
      data = undefined;
    }
    if (data !== undefined && data.length > MAX_SSE_EVENT) throw new SseEventTooLong();
  }
}

/** A line ends at CR, LF or CRLF, wherever the chunks are cut. */
async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  let afterCr = false;
  for await (const chunk of bytes) {
    const decoded = decoder.decode(chunk, { stream: true });
    if (decoded === '') continue;
    text += afterCr && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    afterCr = decoded.endsWith('\r');
    const whole = splitLines(text);
    yield* whole.lines;
    text = whole.tail;
    if (text.length > MAX_SSE_EVENT) throw new SseEventTooLong();
  }
}

function splitLines(text: string): { readonly lines: readonly string[]; readonly tail: string } {
  const lines: string[] = [];
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n|[\r\n]/g)) {
    lines.push(text.slice(start, index));
    start = index + lineBreak.length;
  }
  return { lines, tail: text.slice(start) };
}

/** Comments and fields other than `data` change nothing: no provider uses them for content. */
function withField(data: string | undefined, line: string): string | undefined {
  if (!/^data(:|$)/.test(line)) return data;
  const value = line.slice(line[5] === ' ' ? 6 : 5);
  return data === undefined ? value : `${data}\n${value}`;
}
