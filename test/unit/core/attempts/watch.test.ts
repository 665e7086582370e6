import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../core/attempts/clock.ts';
import { watch } from '../../../../core/attempts/watch.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const NEVER = new AbortController().signal;
const limits = { firstTokenMs: 1_000, idleMs: 500 };
/** Each chunk is how long it takes; a negative one has no content. */
type Chunk = number;

function setUp() {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const seen: string[] = [];
  const call = {
    clock,
    signal: controller.signal,
    abort: (reason: unknown) => controller.abort(reason),
    hasContent: (chunk: Chunk) => chunk >= 0,
    onFirstToken: () => seen.push(`first at ${clock.now()}`),
  };
  async function* source(chunks: readonly Chunk[]): AsyncGenerator<Chunk> {
    try {
      for (const chunk of chunks) {
        await sleep(clock, Math.abs(chunk), NEVER);
        yield chunk;
      }
    } finally {
      seen.push('closed');
    }
  }
  const read = async (chunks: AsyncIterable<Chunk>, pauseMs = 0): Promise<void> => {
    try {
      for await (const chunk of watch(chunks, limits, call)) {
        seen.push(`${chunk}`);
        await sleep(clock, pauseMs, NEVER);
      }
      seen.push('end');
    } catch (thrown) {
      seen.push(`${thrown} at ${clock.now()}`);
    }
  };
  return { clock, controller, seen, source, read };
}

describe('watch', () => {
  it('passes on what comes in time, and tells once when the first content came', async () => {
    const { clock, seen, source, read } = setUp();
    await clock.until(read(source([-400, 500, 400, 499])));
    expect(seen).toEqual(['-400', 'first at 900', '500', '400', '499', 'closed', 'end']);
  });

  it.each([
    ['nothing comes', [5_000], [], 1_000],
    ['only chunks without content come', [-900, -900], ['-900'], 1_000],
  ])('fails as a timeout when %s', async (_, chunks, before, at) => {
    const { clock, controller, seen, source, read } = setUp();
    await clock.until(read(source(chunks)));
    expect(seen).toEqual([...before, `ProviderFailure: provider call failed: timeout at ${at}`]);
    expect(controller.signal.reason).toMatchObject({ reason: 'timeout' });
  });

  it('fails as broken off when the stream falls silent after its first content', async () => {
    const { clock, controller, seen, source, read } = setUp();
    await clock.until(read(source([100, 5_000])));
    expect(seen).toEqual([
      'first at 100',
      '100',
      'ProviderFailure: provider call failed: timeout at 600',
    ]);
    expect(controller.signal.reason).toMatchObject({ reason: 'timeout' });
  });

  it('does not take a slow reader for a silent provider', async () => {
    const { clock, seen, source, read } = setUp();
    await clock.until(read(source([100, 100]), 3_000));
    expect(seen.at(-1)).toBe('end');
  });

  it('ends with the signal’s reason when that fires, even if the source hangs', async () => {
    const { clock, controller, seen, source, read } = setUp();
    clock.after(300, () => controller.abort(new Error('gone')));
    await clock.until(read(source([100, 5_000])));
    expect(seen.at(-1)).toBe('Error: gone at 300');
  });

  it('does not begin once the signal has fired', async () => {
    const { controller, seen, source, read } = setUp();
    controller.abort(new Error('gone'));
    await read(source([0]));
    expect(seen).toEqual(['Error: gone at 0']);
  });

  it('passes the source’s own failure on', async () => {
    const { seen, read } = setUp();
    await read({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
    });
    expect(seen).toEqual(['Error: broken at 0']);
  });

  it('closes the source when its reader stops early', async () => {
    const { clock, seen, source } = setUp();
    const signal = NEVER;
    const call = { clock, signal, abort: () => {}, hasContent: () => true, onFirstToken: () => {} };
    const reading = (async () => {
      for await (const chunk of watch(source([1, 2, 3]), limits, call)) return chunk;
    })();
    expect(await clock.until(reading)).toBe(1);
    expect(seen).toEqual(['closed']);
  });
});
