import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatSseEvent,
  formatSseUsage,
  MAX_SSE_EVENT,
  parseSseItems,
  SseUnreadable,
  sseUsage,
} from '../../../../core/contract/sse.ts';

const encoder = new TextEncoder();

async function* cut(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The data of the events. */
async function parse(text: string, sizes: readonly number[] = [text.length * 4 + 1]) {
  const items = await Array.fromAsync(parseSseItems(cut(encoder.encode(text), sizes)));
  return items.filter(({ kind }) => kind === 'data').map((item) => item.text);
}

describe('parseSseItems, of events', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
    ['comments and other fields', ': ping\n\nevent: x\nid: 1\ndata: a\n\n', ['a']],
    ['several data lines of one event', 'data: a\ndata: b\n\n', ['a\nb']],
    ['several data lines that end in CRLF', 'data: a\r\ndata: b\r\n\r\n', ['a\nb']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['one space taken away, not two', 'data:  a\n\n', [' a']],
    ['a field whose name only begins with data', 'database: a\n\n', []],
    ['a field whose name only ends with data', 'nodata: a\n\n', []],
    ['an event cut off by the end', 'data: a\n\ndata: b', ['a']],
    ['an event that lacks its empty line', 'data: a\n\ndata: b\n', ['a']],
    ['empty data', 'data\n\n', ['']],
  ])('reads %s', async (_, text, events) => {
    expect(await parse(text)).toEqual(events);
    expect(await parse(text, [1])).toEqual(events);
  });

  it('reads the same events however the bytes are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (values, lineBreak, sizes) => {
          const text = values.map(formatSseEvent).join('').replaceAll('\n', lineBreak);
          const events = await parse(text, sizes);
          expect(events).toEqual(values.map((value) => JSON.stringify(value)));
        },
      ),
    ));

  it.each([
    ['a line', 'x'.repeat(MAX_SSE_EVENT + 1)],
    ['an event', `data: ${'x'.repeat(1000)}\n`.repeat(MAX_SSE_EVENT / 1000)],
  ])('refuses %s that does not end within the bound', async (_, text) => {
    await expect(parse(text, [65_536])).rejects.toBeInstanceOf(SseUnreadable);
  });

  it.each([[[0xff]], [[0xc3, 0x28]], [[0xf0, 0x9f, 0x91, 0x20]]])(
    'refuses %j, which is not UTF-8, after the events before it, however it is cut',
    async (wrong) => {
      const bytes = Uint8Array.of(...encoder.encode('data: a\n\ndata: '), ...wrong, 0x0a, 0x0a);
      for (const size of [1, 100]) {
        const items = parseSseItems(cut(bytes, [size]));
        expect(await items.next()).toMatchObject({ value: { text: 'a' } });
        await expect(items.next()).rejects.toBeInstanceOf(SseUnreadable);
      }
    },
  );
});

describe('parseSseItems, of the rest', () => {
  it('reads comments in their place among the events', async () => {
    const text = 'data: a\n\n: ping\n\n:\n:  b\ndata: c\n\n';
    expect(await Array.fromAsync(parseSseItems(cut(encoder.encode(text), [1])))).toEqual([
      { kind: 'data', text: 'a' },
      { kind: 'comment', text: 'ping' },
      { kind: 'comment', text: '' },
      { kind: 'comment', text: ' b' },
      { kind: 'data', text: 'c' },
    ]);
  });

  it.each([
    ['an event without its empty line', 'data: a\n\ndata: b\n', 'b'],
    ['a line that has no end', 'data: a\n\ndata: {"b', '{"b'],
    ['the first letters of a field', 'data: a\n\nda', ''],
  ])('tells of %s at the end', async (_, text, left) => {
    const items = await Array.fromAsync(parseSseItems(cut(encoder.encode(text), [3])));
    expect(items.at(-1)).toEqual({ kind: 'cut', text: left });
  });

  it.each(['', '\n', ': ping', ': ping\n'])('%j at the end cuts nothing off', async (end) => {
    const items = await Array.fromAsync(
      parseSseItems(cut(encoder.encode(`data: a\n\n${end}`), [3])),
    );
    expect(items.filter(({ kind }) => kind === 'cut')).toEqual([]);
  });

  it('finds the usage in its comment, and in no other', async () => {
    const text = `: ping\n\n${formatSseUsage({ total_tokens: 3 })}`;
    const items = await Array.fromAsync(parseSseItems(cut(encoder.encode(text), [7])));
    expect(items.map((item) => sseUsage(item.text))).toEqual([undefined, '{"total_tokens":3}']);
  });
});
