/** One call's signal: it fires when the client leaves, when the call's time is up, or when the call is aborted. */
import { ProviderFailure } from '../providers/provider.ts';
import type { Clock } from './clock.ts';

export interface OpenCall {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** It was the time that ended it. */
  isOver(): boolean;
  /** Lets go of the timer and of the client's signal. */
  end(): void;
}

/** `until` is epoch ms; then the signal's reason is a `ProviderFailure`. */
export function openCall(until: number, client: AbortSignal, clock: Clock): OpenCall {
  const controller = new AbortController();
  let isOver = false;
  const leave = () => controller.abort(client.reason);
  client.addEventListener('abort', leave);
  const cancel = clock.after(until - clock.now(), () => {
    isOver = true;
    controller.abort(new ProviderFailure('timeout'));
  });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    isOver: () => isOver,
    end() {
      cancel();
      client.removeEventListener('abort', leave);
    },
  };
}

/** Settles with the promise, or rejects with the signal's reason when that fires first: nothing can hang past it. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
