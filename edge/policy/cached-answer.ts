/** From the bytes of an answer to what the cache keeps of it, and back to the bytes of a hit. */
import {
  type ChatCompletion,
  chatChunkSchema,
  chatCompletionSchema,
} from '../../core/contract/chat.ts';
import {
  beginCompletion,
  finishCompletion,
  foldChunk,
  toChunks,
} from '../../core/contract/completion-stream.ts';
import {
  formatSseEvent,
  parseSseItems,
  SSE_CONTENT_TYPE,
  SSE_DONE,
  type SseItem,
  sseUsage,
} from '../../core/contract/sse.ts';

/** The whole answer in the bytes of a JSON body or a stream; undefined for anything less. */
export async function readCompletion(
  contentType: string | null,
  chunks: readonly Uint8Array[],
): Promise<ChatCompletion | undefined> {
  if (contentType?.startsWith('text/event-stream')) return foldStream(chunks);
  const parsed = chatCompletionSchema.safeParse(parseJson(decode(chunks)));
  return parsed.success ? parsed.data : undefined;
}

/** The core names every answer in its chunks. */
const UNNAMED = { id: '', created: 0, model: '' };

/** Only a stream that says it is done is whole: an error event or a cut ends it without `[DONE]`. */
async function foldStream(chunks: readonly Uint8Array[]): Promise<ChatCompletion | undefined> {
  let soFar = beginCompletion(UNNAMED);
  for await (const item of parseSseItems(sequence(chunks))) {
    if (item.kind === 'data' && item.text === '[DONE]') return finishCompletion(soFar);
    const chunk = chatChunkSchema.safeParse(toChunk(item));
    if (!chunk.success) return undefined;
    soFar = foldChunk(soFar, chunk.data);
  }
  return undefined;
}

/** Usage that the client did not ask for comes as a comment; every other one holds nothing. */
function toChunk({ kind, text }: SseItem): unknown {
  if (kind === 'data') return parseJson(text);
  return { choices: [], usage: parseJson(sseUsage(text) ?? 'null') };
}

async function* sequence(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Rendering {
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** A hit costs nothing, whatever the kept answer had cost. */
export function renderHit(kept: ChatCompletion, { stream, includeUsage }: Rendering) {
  const completion = kept.usage ? { ...kept, usage: { ...kept.usage, cost: 0 } } : kept;
  if (!stream) return { contentType: 'application/json', body: JSON.stringify(completion) };
  const events = toChunks(completion, includeUsage).map(formatSseEvent).join('');
  return { contentType: SSE_CONTENT_TYPE, body: events + SSE_DONE };
}
