/** Time that passes only when no promise is left to react at the present instant; it does not wait for real IO. */
import type { Clock } from '../../core/attempts/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass from timer to timer until none is left, or up to `untilMs`. */
  run(untilMs?: number): Promise<void>;
  /** Lets time pass until the promise has settled, and no further. */
  until<Value>(promise: Promise<Value>): Promise<Value>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export function createVirtualClock(startMs = 0): VirtualClock {
  const timers: Timer[] = [];
  let now = startMs;
  let order = 0;

  const pass = (untilMs: number, isOver: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const tick = () => {
        const timer = isOver() ? undefined : popLive(timers, untilMs);
        if (!timer) return resolve();
        now = timer.at;
        try {
          timer.run?.();
          afterReactions(tick);
        } catch (error) {
          reject(error);
        }
      };
      afterReactions(tick);
    });

  return {
    now: () => now,
    after(ms, run) {
      order += 1;
      const timer: Timer = { at: now + Math.max(0, ms), order, run };
      push(timers, timer);
      return () => {
        timer.run = undefined;
      };
    },
    run: (untilMs = Number.POSITIVE_INFINITY) => pass(untilMs, () => false),
    async until(promise) {
      let isSettled = false;
      const settled = promise.finally(() => {
        isSettled = true;
      });
      const [value] = await Promise.all([settled, pass(Number.POSITIVE_INFINITY, () => isSettled)]);
      return value;
    },
  };
}

/** A tick set from a microtask comes when no microtask is left: only then is the instant over. */
const afterReactions = (run: () => void): void => queueMicrotask(() => process.nextTick(run));

/** A binary heap: a run sets timers by the thousand and cancels most of them. */
function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(timer, heap[parent] as Timer)) break;
    heap[index] = heap[parent] as Timer;
    index = parent;
  }
  heap[index] = timer;
}

function popLive(heap: Timer[], untilMs: number): Timer | undefined {
  let timer = pop(heap, untilMs);
  while (timer && !timer.run) timer = pop(heap, untilMs);
  return timer;
}

function pop(heap: Timer[], untilMs: number): Timer | undefined {
  const [first] = heap;
  if (!first || first.at > untilMs) return undefined;
  const last = heap.pop() as Timer;
  if (heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer))
      child += 1;
    if (child >= heap.length || !isBefore(heap[child] as Timer, last)) break;
    heap[index] = heap[child] as Timer;
    index = child;
  }
  heap[index] = last;
  return first;
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
