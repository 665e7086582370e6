import { afterEach, expect, it, vi } from 'vitest';
import { createEdgeApp } from '../../../../edge/app.ts';
import type { LogEntry } from '../../../../edge/ports.ts';
import { API_KEY, edgeDeps, keyRecord } from '../../../support/edge-deps.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Posts the body; `log` has what was printed by the time there is an answer. */
function post(body: ReadableStream<Uint8Array>) {
  const log: LogEntry[] = [];
  const app = createEdgeApp(
    edgeDeps({ keys: { find: async () => keyRecord() }, log: (entry) => log.push(entry) }),
  );
  const headers = { authorization: `Bearer ${API_KEY}` };
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return { log, answer: Promise.resolve(app.request('/v1/chat/completions', init)) };
}

it('a client that stops sending is a 408, and no failure of ours in the log', async () => {
  const { log, answer } = post(
    new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) }),
  );
  expect((await (await answer).json()).error.code).toBe('request_timeout');
  expect(log).toEqual([
    expect.objectContaining({ status: 408, code: 'request_timeout', thrown: undefined }),
  ]);
});

it('a client that goes on sending too much is heard out for two seconds, and then cut off', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const cut = vi.fn();
  const { answer } = post(
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1_001)),
      cancel: cut,
    }),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(cut).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect((await answer).status).toBe(413);
  expect(cut).toHaveBeenCalledOnce();
});
