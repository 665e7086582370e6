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

/** An event without end, or bytes that are not UTF-8. */
export class SseUnreadable extends Error {
  override readonly name = 'SseUnreadable';
}

export interface SseItem {
  /** `cut`: what the end of the input left of an event, which the standard wants dropped. */
  readonly kind: 'data' | 'comment' | 'cut';
  /** The event's data, or the comment without its colon and one space. */
  readonly text: string;
}

/** Bytes in any chunking → events and comments, as they end. Throws `SseUnreadable`. */
export async function* parseSseItems(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseItem> {
  const reader = createItemReader();
  for await (const chunk of bytes) yield* reader.read(chunk);
  const text = reader.rest();
  if (text !== undefined) yield { kind: 'cut', text };
}

function createItemReader() {
  const lines = createLineReader();
  let data: string | undefined;
  /** What the line ends, if anything. */
  const end = (line: string): SseItem | undefined => {
    if (line.startsWith(':')) return { kind: 'comment', text: line.slice(line[1] === ' ' ? 2 : 1) };
    const text = data;
    data = line === '' ? undefined : withField(data, line);
    return line === '' && text !== undefined ? { kind: 'data', text } : undefined;
  };
  return {
    *read(chunk: Uint8Array): Generator<SseItem> {
      for (const line of lines.read(chunk)) {
        const item = end(line);
        if (item) yield item;
      }
    },
    rest(): string | undefined {
      const line = lines.rest();
      const isCut = data !== undefined || !(line === '' || line.startsWith(':'));
      return isCut ? (withField(data, line) ?? '') : undefined;
    },
  };
}

const LF = 0x0a;
const CR = 0x0d;

/** A line ends at CR, LF or CRLF, wherever the chunks are cut. */
function createLineReader() {
  const line = createLine();
  let afterCr = false;
  return {
    *read(chunk: Uint8Array): Generator<string> {
      let start = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at];
        if (byte !== LF && byte !== CR) continue;
        const isWithinBreak = afterCr && byte === LF && at === start && !line.hasBegun();
        if (!isWithinBreak) yield line.end(chunk.subarray(start, at));
        afterCr = byte === CR;
        start = at + 1;
      }
      if (start < chunk.length) line.add(chunk.subarray(start));
    },
    rest: line.soFar,
  };
}

/** Decoded line by line: what is not UTF-8 spoils its own line and none before it, however the bytes are cut. */
function createLine() {
  const ofWhole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const ofParts = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let isFirst = true;
  let begun: string | undefined;
  return {
    hasBegun: () => begun !== undefined,
    soFar: () => begun ?? '',
    add(part: Uint8Array): void {
      begun = (begun ?? '') + decode(ofParts, part, { stream: true });
      if (begun.length > MAX_SSE_EVENT) throw new SseUnreadable('too long');
    },
    end(part: Uint8Array): string {
      const text = begun === undefined ? decode(ofWhole, part) : begun + decode(ofParts, part);
      begun = undefined;
      const hasMark = isFirst && text.startsWith('\ufeff');
      isFirst = false;
      return hasMark ? text.slice(1) : text;
    },
  };
}

function decode(decoder: TextDecoder, part: Uint8Array, options?: { stream: true }): string {
  try {
    return decoder.decode(part, options);
  } catch (cause) {
    throw new SseUnreadable('not UTF-8', { cause });
  }
}

/** Fields other than `data` change nothing: no provider uses them for content. */
function withField(data: string | undefined, line: string): string | undefined {
  if (!/^data(:|$)/.test(line)) return data;
  const value = line.slice(line[5] === ' ' ? 6 : 5);
  const grown = data === undefined ? value : `${data}\n${value}`;
  if (grown.length > MAX_SSE_EVENT) throw new SseUnreadable('too long');
  return grown;
}
