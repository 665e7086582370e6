import type { ChatChunk } from '../contract/chat.ts';
import { hasContent } from '../contract/completion-stream.ts';
import { ProviderFailure } from '../providers/provider.ts';

/** Reads up to the first chunk in which a client would see something: the commit point. Gives all chunks back. */
export async function commitStream(
  stream: AsyncGenerator<ChatChunk>,
): Promise<AsyncGenerator<ChatChunk>> {
  const head: ChatChunk[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) throw new ProviderFailure('interrupted');
    head.push(next.value);
    if (hasContent(next.value)) return rejoin(head, stream);
  }
}

async function* rejoin(
  head: readonly ChatChunk[],
  rest: AsyncGenerator<ChatChunk>,
): AsyncGenerator<ChatChunk> {
  try {
    yield* head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
