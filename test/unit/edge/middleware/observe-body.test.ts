import { describe, expect, it } from 'vitest';
import { observeBody } from '../../../../edge/middleware/observe-body.ts';

const chunk = (text: string) => new TextEncoder().encode(text);

/** A source that counts what was pulled from it. */
function source(chunks: readonly string[], end: 'close' | 'error' = 'close') {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = chunks[seen.pulled];
        seen.pulled += 1;
        if (next !== undefined) return controller.enqueue(chunk(next));
        return end === 'close' ? controller.close() : controller.error(new Error('reset'));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

const text = (chunks: readonly Uint8Array[] | undefined) =>
  chunks?.map((part) => new TextDecoder().decode(part)).join('');

describe('observeBody', () => {
  it('hands on every chunk, and keeps them', async () => {
    const { body, whole } = observeBody(source(['ab', 'cd']).body, 100);
    expect(await new Response(body).text()).toBe('abcd');
    expect(text(await whole)).toBe('abcd');
  });

  it('pulls no faster than its reader', async () => {
    const { body: from, seen } = source(['a', 'b', 'c']);
    const reader = observeBody(from, 100).body.getReader();
    await reader.read();
    expect(seen.pulled).toBe(1);
  });

  it('hands on a longer body than it may keep, and keeps none of it', async () => {
    const { body, whole } = observeBody(source(['abc', 'd', 'e']).body, 3);
    expect(await new Response(body).text()).toBe('abcde');
    expect(await whole).toBeUndefined();
  });

  it('keeps a body of exactly the size it may', async () => {
    const { body, whole } = observeBody(source(['abc']).body, 3);
    await new Response(body).text();
    expect(text(await whole)).toBe('abc');
  });

  it('hands on a break, and keeps nothing of it', async () => {
    const { body, whole } = observeBody(source(['a'], 'error').body, 100);
    await expect(new Response(body).text()).rejects.toThrow('reset');
    expect(await whole).toBeUndefined();
  });

  it('tells the source when its reader leaves, and keeps nothing', async () => {
    const { body: from, seen } = source(['a', 'b']);
    const { body, whole } = observeBody(from, 100);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    expect(seen.cancelled).toBe(true);
    expect(await whole).toBeUndefined();
  });
});
