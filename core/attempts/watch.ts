/** The limits of a stream: time to the first content, and silence after it. */
import { ProviderFailure } from '../providers/provider.ts';
import type { TimeLimits } from '../routing/target.ts';
import type { Clock } from './clock.ts';

export interface Watched<Chunk> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Ends the upstream call. */
  abort(reason: unknown): void;
  hasContent(chunk: Chunk): boolean;
  /** Once, when the first content is there. */
  onFirstToken(): void;
}

/**
 * Passes chunks on, and throws `ProviderFailure('timeout')` when one is late or the signal's reason when
 * that fires, even if the source ignores both. Only waiting for the source counts as silence: a slow
 * reader is not the provider's fault.
 */
export async function* watch<Chunk>(
  chunks: AsyncIterable<Chunk>,
  limits: Pick<TimeLimits, 'firstTokenMs' | 'idleMs'>,
  call: Watched<Chunk>,
): AsyncGenerator<Chunk, void, undefined> {
  const { clock, signal } = call;
  const firstTokenDue = clock.now() + limits.firstTokenMs;
  const source = chunks[Symbol.asyncIterator]();
  let hasBegun = false;
  let stop: (reason: unknown) => void = () => undefined;
  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort);

  const next = (limitMs: number) =>
    new Promise<IteratorResult<Chunk>>((resolve, reject) => {
      stop = reject;
      if (signal.aborted) return reject(signal.reason);
      const cancel = clock.after(limitMs, () =>
        call.abort(new ProviderFailure('timeout', { afterContent: hasBegun })),
      );
      source.next().then(resolve, reject).finally(cancel);
    });

  try {
    for (;;) {
      const result = await next(hasBegun ? limits.idleMs : firstTokenDue - clock.now());
      if (result.done) return;
      if (!hasBegun && call.hasContent(result.value)) {
        hasBegun = true;
        call.onFirstToken();
      }
      yield result.value;
    }
  } catch (failure) {
    throw hasBegun ? asBreakOff(failure) : failure;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that hangs would hold the answer up.
    source.return?.().catch(() => undefined);
  }
}

/** After content, whatever the reason, an answer has been broken off. */
function asBreakOff(failure: unknown): unknown {
  if (!(failure instanceof ProviderFailure)) return failure;
  return new ProviderFailure(failure.reason, { ...failure.details, afterContent: true });
}
