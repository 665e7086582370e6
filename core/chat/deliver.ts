/** A committed stream on its way to the client: folded as it passes, so that its end can be judged and priced. */
import type { ChatChunk } from '../contract/chat.ts';
import {
  beginCompletion,
  type CompletionIdentity,
  type CompletionSoFar,
  finishCompletion,
  foldChunk,
} from '../contract/completion-stream.ts';
import { Fault } from '../contract/fault.ts';
import type { Bill, BilledStream } from '../ledger/bill.ts';
import { ProviderFailure } from '../providers/provider.ts';

export type DeliveryEnd =
  | { readonly outcome: 'success'; readonly bill: Promise<Bill> }
  | { readonly outcome: 'partial'; readonly bill: Promise<Bill>; readonly fault: Fault }
  | { readonly outcome: 'client_closed'; readonly bill: Promise<Bill> };

export interface DeliveryOptions {
  readonly identity: CompletionIdentity;
  readonly includeUsage: boolean;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Called once, however the stream ends. */
  readonly onEnd: (end: DeliveryEnd) => void;
}

/** Returns when the answer was whole, and throws a `Fault` when it was not: it never just stops. */
export async function* deliver(
  { chunks, bill }: BilledStream,
  options: DeliveryOptions,
): AsyncGenerator<ChatChunk> {
  let soFar = beginCompletion(options.identity);
  let failure: Fault | undefined;
  let billed: Promise<Bill> | undefined;
  try {
    for await (const chunk of chunks) {
      const before = soFar;
      soFar = foldChunk(before, withoutWords(chunk));
      const visible = toVisible(chunk, { before, soFar, includeUsage: options.includeUsage });
      if (visible) yield visible;
    }
    if (!finishCompletion({ ...soFar, usage: undefined })) throw new ProviderFailure('interrupted');
    billed = bill();
    // What came beside the usage (a service tier, a server's timings) goes with it.
    yield { ...soFar.fields, ...identityOf(soFar), choices: [], usage: (await billed).wire };
  } catch (cause) {
    failure = new Fault('upstream_stream_interrupted', { cause });
    throw failure;
  } finally {
    options.onEnd(
      billed ? { outcome: 'success', bill: billed } : cutOff(bill(), failure, options.signal),
    );
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

function cutOff(bill: Promise<Bill>, fault: Fault | undefined, signal: AbortSignal): DeliveryEnd {
  return fault && !signal.aborted
    ? { outcome: 'partial', bill, fault }
    : { outcome: 'client_closed', bill };
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
