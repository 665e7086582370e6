import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../../core/contract/chat.ts';
import { sseResponse } from '../../../../core/http/sse-response.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

function setUp() {
  const gone = new AbortController();
  const ended = Promise.withResolvers<void>();
  const asked: string[] = [];
  const ends: string[] = [];
  async function* chunks(): AsyncGenerator<ChatChunk> {
    try {
      for (const content of ['a', 'b']) {
        asked.push(content);
        yield { choices: [{ index: 0, delta: { content } }] };
      }
    } finally {
      ended.resolve();
    }
  }
  const open = () =>
    sseResponse(chunks(), {
      requestId: 'r',
      clock: createVirtualClock(),
      signal: gone.signal,
      onCancel: () => gone.abort(),
      onEnd: () => ends.push('end'),
      headers: {},
      includeUsage: false,
    });
  return { gone, ended: ended.promise, asked, ends, open };
}

describe('sseResponse', () => {
  it('asks for nothing before it is read', async () => {
    const { open, asked } = setUp();
    open();
    await Promise.resolve();
    expect(asked).toEqual([]);
  });

  it.each([
    ['before the response was made', 'before'],
    ['before anything was read', 'unread'],
    ['after the first event', 'read'],
  ])('lets the chunks end when the client leaves %s', async (_, when) => {
    const { gone, open, ended } = setUp();
    if (when === 'before') gone.abort();
    const reader = open().body?.getReader();
    if (when === 'read') await reader?.read();
    gone.abort();
    await expect(ended).resolves.toBeUndefined();
  });

  it.each(['read', 'cancelled'])('tells once that a body that is %s has ended', async (how) => {
    const { open, ends } = setUp();
    const { body } = open();
    await (how === 'read' ? new Response(body).text() : body?.cancel());
    expect(ends).toEqual(['end']);
  });

  it('lets the chunks end when the body is cancelled unread', async () => {
    const { open, ended } = setUp();
    await open().body?.cancel();
    await expect(ended).resolves.toBeUndefined();
  });
});
