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
export const SSE_PING = ': ping\n\n';
export const SSE_DONE = 'data: [DONE]\n\n';

export const formatSseEvent = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** A comment, which clients ignore by the standard: the usage of a stream whose client did not ask for it. */
export const formatSseUsage = (usage: unknown): string => `: usage ${JSON.stringify(usage)}\n\n`;

/** The JSON in the text of such a comment; undefined for any other. */
export const sseUsage = (comment: string): string | undefined => /^usage (.+)$/.exec(comment)?.[1];

export class SseEventTooLong extends Error {
  override readonly name = 'SseEventTooLong';
}

/** The `data` of an event, or a comment without its colon and one space. */
export interface SseItem {
  readonly kind: 'data' | 'comment';
  readonly text: string;
}

/** The `data` of each event of `parseSseItems`. */
export async function* parseSse(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const { kind, text } of parseSseItems(bytes)) if (kind === 'data') yield text;
}

/**
 * Bytes in any chunking → events and comments, as they end. An event that the end of input cuts off is
 * dropped, as the standard says. Throws `SseEventTooLong`.
 */
export async function* parseSseItems(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseItem> {
  let data: string | undefined;
  for await (const line of lines(bytes)) {
    if (line.startsWith(':')) yield { kind: 'comment', text: line.slice(line[1] === ' ' ? 2 : 1) };
    else if (line !== '') data = withField(data, line);
    else if (data !== undefined) {
      yield { kind: 'data', text: data };
      data = undefined;
    }
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

/** Fields other than `data` change nothing: no provider uses them for content. */
function withField(data: string | undefined, line: string): string | undefined {
  if (!/^data(:|$)/.test(line)) return data;
  const value = line.slice(line[5] === ' ' ? 6 : 5);
  const grown = data === undefined ? value : `${data}\n${value}`;
  if (grown.length > MAX_SSE_EVENT) throw new SseEventTooLong();
  return grown;
}
