import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatCompletionSchema } from '../../../../core/contract/chat.ts';
import { formatSseUsage, SSE_CONTENT_TYPE } from '../../../../core/contract/sse.ts';
import { readCompletion, renderHit } from '../../../../edge/policy/cached-answer.ts';
import { completion, streamEvents } from '../../../support/edge-answers.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const DONE = 'data: [DONE]\n\n';
const EVENTS = streamEvents('héllo 🌍 world', { includeUsage: true });
const STREAM = EVENTS.join('') + DONE;
const WHOLE = chatCompletionSchema.parse(completion('héllo 🌍 world'));

/** The text in pieces that ignore where characters and events end. */
function cut(text: string, at: readonly number[]): Uint8Array[] {
  const whole = bytes(text);
  const ends = [...at.map((n) => n % whole.length), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}

describe('readCompletion', () => {
  it('reads the same from a stream, cut anywhere, as from JSON', async () => {
    const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const streamed = await readCompletion(SSE_CONTENT_TYPE, cut(STREAM, at));
        const whole = await readCompletion('application/json', cut(JSON.stringify(WHOLE), at));
        expect(streamed).toEqual(whole);
        expect(whole).toEqual(WHOLE);
      }),
    );
  });

  it('reads the usage of a client that did not ask for it from a comment, and passes over others', async () => {
    const unasked = streamEvents('héllo 🌍 world').join(': ping\n\n');
    const stream = unasked + formatSseUsage(WHOLE.usage) + DONE;
    expect(await readCompletion(SSE_CONTENT_TYPE, [bytes(stream)])).toEqual(WHOLE);
  });

  it.each([
    ['a stream without its end', EVENTS.join('')],
    ['a stream cut within an event', STREAM.slice(0, -40)],
    ['a stream that ends in an error', `${EVENTS[1]}data: {"error":{"code":"x"}}\n\n`],
    ['an error before the end', `${EVENTS[1]}data: {"error":{"code":"x"}}\n\n${DONE}`],
    ['a stream with a line that is no JSON', `data: {"cho\n\n${DONE}`],
    ['a stream in which no choice finished', `${EVENTS[1]}${DONE}`],
    ['an empty stream', DONE],
    ['a stream whose usage is none', `${EVENTS.join('')}${formatSseUsage({})}${DONE}`],
  ])('reads nothing from %s', async (_, text) => {
    expect(await readCompletion(SSE_CONTENT_TYPE, [bytes(text)])).toBeUndefined();
  });

  it.each([
    ['broken JSON', '{"id":'],
    ['an error', '{"error":{"code":"x"}}'],
    ['nothing', ''],
  ])('reads nothing from %s', async (_, text) => {
    expect(await readCompletion('application/json', [bytes(text)])).toBeUndefined();
  });
});

describe('renderHit', () => {
  it('costs nothing, in both forms', () => {
    const { body } = renderHit(WHOLE, { stream: false, includeUsage: true });
    expect(JSON.parse(body)).toEqual({ ...WHOLE, usage: { ...WHOLE.usage, cost: 0 } });
    const stream = renderHit(WHOLE, { stream: true, includeUsage: true });
    expect(stream.body).toContain('"cost":0}');
  });

  it('reads back as the same answer from either form', async () => {
    for (const stream of [true, false]) {
      const { contentType, body } = renderHit(WHOLE, { stream, includeUsage: true });
      const answer = await readCompletion(contentType, [bytes(body)]);
      expect(answer?.choices).toEqual(WHOLE.choices);
      expect(answer?.usage?.total_tokens).toBe(12);
    }
  });

  it('streams usage only to a client that asked for it', () => {
    expect(renderHit(WHOLE, { stream: true, includeUsage: false }).body).not.toContain('usage');
  });
});
