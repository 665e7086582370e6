/** Streams with the habits of several vendors: whole, byte by byte, and cut off anywhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deliver } from '../../../../core/chat/deliver.ts';
import type { ChatChunk } from '../../../../core/contract/chat.ts';
import { UNPRICED } from '../../../../core/contract/money.ts';
import { billed } from '../../../../core/ledger/bill.ts';
import { collectResponse } from '../../../../core/providers/collect.ts';
import { createOpenAiWire } from '../../../../core/providers/openai-wire/client.ts';
import { callOf, requestOf } from '../../../support/bedrock-adapter.ts';
import { publishedChunk, publishedCompletion } from '../../../support/openai-shape.ts';

const FIXTURES = new URL('../../../fixtures/openai-wire/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FIXTURES));
const VENDORS = readdirSync(FIXTURES).flatMap((name) => /(.+)[.]sse$/.exec(name)?.[1] ?? []);

/** The chunks of an answer whose body comes in these parts. */
function stream(parts: Iterable<Uint8Array>, end: 'closed' | 'broken'): AsyncGenerator<ChatChunk> {
  const queue = parts[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = queue.next();
      if (!done) controller.enqueue(value);
      else if (end === 'closed') controller.close();
      else controller.error(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    },
  });
  const wire = createOpenAiWire({
    baseUrl: 'http://up/v1',
    apiKey: undefined,
    fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    now: () => 0,
  });
  return wire.streamChat({ model: 'm' }, requestOf(), callOf());
}

const inBill = (chunks: AsyncGenerator<ChatChunk>) => billed(chunks, requestOf(), () => UNPRICED);

const collect = async (chunks: AsyncGenerator<ChatChunk>) =>
  (
    await collectResponse(inBill(chunks), {
      provider: 'up',
      model: 'm',
      requestId: '1',
      now: () => 0,
    })
  ).wire;

/** What the client of a stream gets, up to its end or its error. */
async function delivered(chunks: AsyncGenerator<ChatChunk>) {
  const seen: ChatChunk[] = [];
  const visible = deliver(inBill(chunks), {
    identity: { id: 'chatcmpl-1', created: 1, model: 'm' },
    includeUsage: true,
    signal: new AbortController().signal,
    onEnd: () => {},
  });
  try {
    for await (const chunk of visible) seen.push(chunk);
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

const hasFinished = (seen: readonly ChatChunk[]) =>
  seen.some(({ choices }) => choices.some(({ finish_reason }) => finish_reason));

describe.each(VENDORS)('a stream with the habits of %s', (vendor) => {
  const bytes = read(`${vendor}.sse`);
  const whole = JSON.parse(read(`${vendor}.completion.json`).toString());
  const bytewise = [...bytes].map((byte) => Uint8Array.of(byte));

  it('is read whole, and byte by byte', async () => {
    expect(await collect(stream([bytes], 'closed'))).toEqual(whole);
    expect(await collect(stream(bytewise, 'closed'))).toEqual(whole);
  });

  it('is delivered in the published shape', async () => {
    const { seen, error } = await delivered(stream([bytes], 'closed'));
    expect(error).toBeUndefined();
    z.array(publishedChunk).parse(seen);
    const choices = whole.choices.map((choice: { message: object }) => ({
      logprobs: null,
      ...choice,
      message: { refusal: null, ...choice.message },
    }));
    publishedCompletion.parse({ ...whole, choices });
  });

  it('is the same, or ends in an error without a finish, wherever it breaks off', async () => {
    const ends = { whole: 0, error: 0 };
    for (const at of [...bytes.keys(), bytes.byteLength]) {
      const parts = [bytes.subarray(0, at)];
      const { seen, error } = await delivered(stream(parts, 'broken'));
      z.array(publishedChunk).parse(seen);
      expect(hasFinished(seen), `cut at ${at}`).toBe(!error);
      if (!error) expect(await collect(stream(parts, 'broken'))).toEqual(whole);
      else expect(error).toMatchObject({ cause: { reason: 'interrupted' } });
      ends[error ? 'error' : 'whole'] += 1;
    }
    expect(ends.whole).toBeGreaterThan(0);
    expect(ends.error).toBeGreaterThan(bytes.byteLength / 2);
  });
});
