/** Time as a port, so that a test can own it. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Runs it once, unless what it returns is called before. */
  after(ms: number, run: () => void): () => void;
}

/** Waits `ms`, or less if the signal fires: the caller looks at the signal then. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal.addEventListener('abort', wake);
  });
}

/** The promise's own outcome, or `late` if that takes longer than `ms`. */
export function within<T>(ms: number, promise: Promise<T>, clock: Clock): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve('late'));
    promise.then(resolve, reject).finally(cancel);
  });
}
