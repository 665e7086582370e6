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
import { ProviderFailure } from '../providers/provider.ts';

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
      const before = soFar;
      soFar = foldChunk(before, withoutWords(chunk));
      const visible = toVisible(chunk, { before, soFar, includeUsage: options.includeUsage });
      if (visible) yield visible;
    }
    whole = finishCompletion(soFar) !== undefined;
    if (!whole) throw new ProviderFailure('interrupted');
    if (soFar.usage) {
      yield { ...identityOf(soFar), choices: [], usage: options.withCost(soFar.usage) };
    }
  } catch (cause) {
    failure = new Fault('upstream_stream_interrupted', { cause });
    throw failure;
  } finally {
    options.onEnd(endOf({ whole, failure, soFar, signal: options.signal }));
  }
}

/** What the end is judged by. The words are the client's: kept here, they would only fill the memory. */
const withoutWords = (chunk: ChatChunk): ChatChunk => ({
  ...chunk,
  choices: chunk.choices.map(({ index, delta, finish_reason }) => ({
    index,
    finish_reason: finish_reason ?? null,
    delta: { tool_calls: delta.tool_calls?.map(({ index, id, type }) => ({ index, id, type })) },
  })),
});

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

interface Passing {
  /** The answer without the chunk. */
  readonly before: CompletionSoFar;
  readonly soFar: CompletionSoFar;
  readonly includeUsage: boolean;
}

/** Usage travels once, at the end; a chunk that held nothing else is left out. */
function toVisible(
  chunk: ChatChunk,
  { before, soFar, includeUsage }: Passing,
): ChatChunk | undefined {
  const { id: _, object: __, created: ___, model: ____, usage, choices, ...rest } = chunk;
  if (usage && choices.length === 0) return undefined;
  return {
    ...identityOf(soFar),
    ...rest,
    choices: choices.map((choice) => complete(choice, before.choices.has(choice.index))),
    ...(includeUsage && { usage: null }),
  };
}

/** What OpenAI's clients count on and other servers leave out: a role at the beginning, null before the finish. */
function complete({ delta, finish_reason, ...choice }: Choice, hasBegun: boolean): Choice {
  const { role, ...said } = delta;
  const named = role || !hasBegun ? { role: role || 'assistant' } : {};
  return { ...choice, delta: { ...named, ...said }, finish_reason: finish_reason || null };
}

type Choice = ChatChunk['choices'][number];

const identityOf = ({ identity: { id, created, model } }: CompletionSoFar) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
});
