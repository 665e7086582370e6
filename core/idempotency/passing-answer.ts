/** An answer on its way to the client while a copy of it is kept. */
import { SSE_DONE, SSE_PING } from '../contract/sse.ts';
import { endOf, type KeptAnswer, toKeptAnswer } from './kept-answer.ts';

/** A longer answer passes without being kept. */
const MAX_KEPT_BYTES = 4_194_304;

const PING = Buffer.from(SSE_PING);
const DONE = Buffer.from(SSE_DONE);

/** Reads the copy to its end; undefined if that was cut off, or is too far to be kept. */
export async function readAnswer(copy: Response): Promise<KeptAnswer | undefined> {
  const parts: Uint8Array[] = [];
  let count = 0;
  for await (const part of copy.body ?? []) {
    if (PING.equals(part)) continue;
    count += part.byteLength;
    if (count > MAX_KEPT_BYTES) return undefined;
    parts.push(part);
  }
  const answer = toKeptAnswer(copy, Buffer.concat(parts).toString());
  return endOf(answer) === 'cut' ? undefined : answer;
}

/** Lets everything through but the end: that, a stream's `[DONE]` included, waits for `kept`. */
export const holdEnd = (kept: Promise<void>) =>
  new TransformStream<Uint8Array, Uint8Array>({
    async transform(part, controller) {
      if (DONE.equals(part)) await kept;
      controller.enqueue(part);
    },
    flush: () => kept,
  });
