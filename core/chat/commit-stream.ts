/** One target's answer, read until the commit point: the first chunk in which a client would see something. */
import type { ChatChunk } from '../contract/chat.ts';
import { hasContent } from '../contract/completion-stream.ts';
import { ProviderFailure } from '../providers/provider.ts';

export interface CommittedStream {
  readonly chunks: AsyncGenerator<ChatChunk>;
  /** Epoch ms of the first content. */
  readonly firstContentAt: number;
}

/** Until this resolves nothing has reached the client, so that another target may still answer. */
export async function commitStream(
  stream: AsyncIterable<ChatChunk>,
  now: () => number,
): Promise<CommittedStream> {
  const iterator = stream[Symbol.asyncIterator]();
  const head: ChatChunk[] = [];
  for (;;) {
    const next = await iterator.next();
    if (next.done) throw new ProviderFailure('interrupted');
    head.push(next.value);
    if (hasContent(next.value)) break;
  }
  return { chunks: rejoin(head, iterator), firstContentAt: now() };
}

async function* rejoin(
  head: readonly ChatChunk[],
  rest: AsyncIterator<ChatChunk>,
): AsyncGenerator<ChatChunk> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
