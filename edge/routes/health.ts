/** Public: they tell no version, model or cause. */
import type { HopCaller } from '../../core/contract/hop.ts';
import type { EdgeContext } from '../middleware/request-context.ts';
import { coreUnavailable } from '../policy/core-answer.ts';
import { toCoreHeaders } from '../policy/crossing-headers.ts';
import type { Core } from '../ports.ts';

/** An operator's probe wants an answer sooner than it wants patience. */
const PROBE_TIMEOUT_MS = 5_000;
/** Anyone may ask, and the core reads its stores each time: so the public form tells its last answer for a while. */
const KNOWN_MS = 1_000;

interface ReadyzDeps {
  readonly core: Core;
  readonly now: () => number;
}

export const healthz = (c: EdgeContext) => c.json({ status: 'ok' });

/** Public without detail; a credential has to be an operator's, who then sees what the core says. */
export function readyz({ core, now }: ReadyzDeps) {
  let last = { status: 0, until: 0 };
  return async (c: EdgeContext) => {
    if (isCredentialed(c)) {
      const answer = await probe(core, c, { kind: 'principal', principal: c.var.key });
      return new Response(answer.body, answer);
    }
    if (now() >= last.until) {
      const answer = await probe(core, c, { kind: 'edge' });
      await answer.body?.cancel();
      last = { status: answer.status, until: now() + KNOWN_MS };
    }
    if (last.status !== 200) throw coreUnavailable(last.status);
    return c.json({ status: 'ready' });
  };
}

const probe = (core: Core, c: EdgeContext, caller: HopCaller): Promise<Response> =>
  core.send({
    method: 'GET',
    path: '/readyz',
    headers: toCoreHeaders(new Headers(), c.var.ids),
    caller,
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  });

export const isCredentialed = (c: EdgeContext): boolean =>
  c.req.header('authorization') !== undefined;
