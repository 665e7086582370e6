/** Lambda goes on writing for a client that has left, and does not learn of it: so the edge says it. */
import type { EdgeContext } from '../middleware/request-context.ts';
import type { Core } from '../ports.ts';

const TELL_WITHIN_MS = 5_000;

/** Tells the core, once, that the client of this request has gone: when its signal fires, or when called. */
export function createLeaveNotice(core: Core, c: EdgeContext): () => void {
  const path = `/internal/cancel/${c.var.ids.requestId}`;
  const tell = async () => {
    const signal = AbortSignal.timeout(TELL_WITHIN_MS);
    const headers = new Headers();
    const caller = { kind: 'edge' } as const;
    const answer = await core.send({ method: 'POST', path, headers, caller, signal });
    await answer.body?.cancel();
  };
  let told = false;
  const onLeave = () => {
    if (told) return;
    told = true;
    // Should it fail, nobody is left to hear of it: the request runs to its own limits.
    c.executionCtx.waitUntil(tell().catch(() => undefined));
  };
  c.req.raw.signal.addEventListener('abort', onLeave, { once: true });
  return onLeave;
}

/** A stream that the runtime relays by itself fires no signal here: its reader leaving has to be seen. */
export function noticeLeaving(answer: Response, onLeave: () => void): Response['body'] {
  const { body } = answer;
  if (!body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) return body;
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        onLeave();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
