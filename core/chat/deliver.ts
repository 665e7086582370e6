/** A committed stream on its way to the client: folded as it passes, so that its end can be judged and priced. */
import type { ChatChunk, Usage } from '../contract/chat.ts';
import {
  beginCompletion,
  type CompletionIdentity,
  type CompletionSoFar,
  finishCompletion,
  foldChunk,
} from '../contract/completion-stream.ts';
import { Fault } from '../contract/fault.ts';

export type DeliveryEnd =
  | { readonly outcome: 'success'; readonly usage: Usage | undefined }
  | { readonly outcome: 'partial'; readonly usage: Usage | undefined; readonly fault: Fault }
  | { readonly outcome: 'client_closed'; readonly usage: Usage | undefined };

export interface DeliveryOptions {
  readonly identity: CompletionIdentity;
  readonly includeUsage: boolean;
  /** Adds the gateway's `cost` to the usage that the client asked for. */
  readonly withCost: (usage: Usage) => Usage;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Called once, however the stream ends. */
  readonly onEnd: (end: DeliveryEnd) => void;
}

/** Returns when the answer was whole, and throws a `Fault` when it was not: it never just stops. */
export async function* deliver(
  chunks: AsyncIterable<ChatChunk>,
  options: DeliveryOptions,
): AsyncGenerator<ChatChunk> {
  let soFar = beginCompletion(options.identity);
  let failure: Fault | undefined;
  let whole = false;
  try {
    for await (const chunk of chunks) {
      soFar = foldChunk(soFar, chunk);
      const visible = toVisible(chunk, soFar, options);
      if (visible) yield visible;
    }
    whole = finishCompletion(soFar) !== undefined;
    if (!whole) throw new Fault('upstream_stream_interrupted');
    if (options.includeUsage && soFar.usage) {
      yield { ...identityOf(soFar), choices: [], usage: options.withCost(soFar.usage) };
    }
  } catch (cause) {
    failure = new Fault('upstream_stream_interrupted', { cause });
    throw failure;
  } finally {
    options.onEnd(endOf({ whole, failure, soFar, signal: options.signal }));
  }
}

function endOf({
  whole,
  failure,
  soFar: { usage },
  signal,
}: {
  readonly whole: boolean;
  readonly failure: Fault | undefined;
  readonly soFar: CompletionSoFar;
  readonly signal: AbortSignal;
}): DeliveryEnd {
  if (whole) return { outcome: 'success', usage };
  if (failure && !signal.aborted) return { outcome: 'partial', usage, fault: failure };
  return { outcome: 'client_closed', usage };
}

/** Usage travels once, at the end, and only if it was asked for; a chunk that held nothing else is left out. */
function toVisible(
  chunk: ChatChunk,
  soFar: CompletionSoFar,
  { includeUsage }: DeliveryOptions,
): ChatChunk | undefined {
  const { id: _, object: __, created: ___, model: ____, usage, ...rest } = chunk;
  if (usage && chunk.choices.length === 0) return undefined;
  return { ...identityOf(soFar), ...rest, ...(includeUsage && { usage: null }) };
}

const identityOf = ({ identity: { id, created, model } }: CompletionSoFar) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
});
