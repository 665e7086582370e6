import { describe, expect, it } from 'vitest';
import { keepContent } from '../../../../core/ledger/keep-content.ts';
import { aPrincipal, FIRST_ARRIVAL, idAt } from '../../../support/a-row.ts';
import { createInMemoryContentLog } from '../../../support/in-memory-content-log.ts';

function setUp(logContent: boolean | undefined, body: Record<string, string> = { a: 'prompt' }) {
  const log = createInMemoryContentLog();
  const work: Promise<unknown>[] = [];
  const call = {
    requestId: idAt(1),
    principal: aPrincipal({ logContent }),
    receivedAt: FIRST_ARRIVAL,
    waitUntil: (each: Promise<unknown>) => void work.push(each),
  };
  const run = (answer: () => Promise<Response>) => keepContent({ call, body }, log, answer);
  const kept = async () => {
    await Promise.all(work);
    return log.kept.get(idAt(1));
  };
  return { run, kept };
}

/** Sends each text when it is asked for more. */
const saying = (...texts: string[]): Response => {
  const left = [...texts];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = left.shift();
        if (next === undefined) controller.close();
        else if (next === 'cut') controller.error(new Error('cut'));
        else controller.enqueue(new TextEncoder().encode(next));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: 201, headers: { 'x-kind': 'test' } });
};

describe('what is asked and answered', () => {
  it.each([undefined, false])(
    'is not kept for a key whose logContent is %s',
    async (logContent) => {
      const { run, kept } = setUp(logContent);
      expect(await (await run(async () => saying('Hello'))).text()).toBe('Hello');
      expect(await kept()).toBeUndefined();
    },
  );

  it('is kept for a key that asks for it, and the answer passes as it is', async () => {
    const { run, kept } = setUp(true);
    const response = await run(async () => saying('Hel', 'lo'));
    expect([response.status, response.headers.get('x-kind')]).toEqual([201, 'test']);
    expect(await response.text()).toBe('Hello');
    expect(await kept()).toEqual({ request: '{"a":"prompt"}', answer: 'Hello' });
  });

  it('is kept as far as it went when the answer breaks off', async () => {
    const { run, kept } = setUp(true);
    const response = await run(async () => saying('Hel', 'cut'));
    await expect(response.text()).rejects.toThrow('cut');
    expect(await kept()).toMatchObject({ answer: 'Hel' });
  });

  it('is kept as far as the client has read when it leaves', async () => {
    const { run, kept } = setUp(true);
    const reader = (await run(async () => saying('Hel', 'lo'))).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await kept()).toMatchObject({ answer: 'Hel' });
  });

  it('has no answer where the request failed, and the failure goes on', async () => {
    const { run, kept } = setUp(true);
    const failing = run(() => Promise.reject(new Error('no answer')));
    await expect(failing).rejects.toThrow('no answer');
    expect(await kept()).toEqual({ request: '{"a":"prompt"}', answer: '' });
  });

  it('is cut off behind 64 KB each, while the client gets it whole', async () => {
    const long = 'ä'.repeat(40_000);
    const { run, kept } = setUp(true, { a: long });
    const response = await run(async () => saying(long, long));
    expect(await response.text()).toBe(long + long);
    const content = await kept();
    expect(Buffer.byteLength(content?.request ?? '')).toBeLessThanOrEqual(65_536 + 3);
    expect(content?.answer).toBe('ä'.repeat(32_768));
  });
});
