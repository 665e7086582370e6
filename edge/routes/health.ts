/** Public: they tell no version, model or cause. */
import { Fault } from '../../core/contract/fault.ts';
import type { EdgeContext } from '../middleware/request-context.ts';
import { toCoreHeaders } from '../policy/crossing-headers.ts';
import type { Core } from '../ports.ts';

/** An operator's probe wants an answer sooner than it wants patience. */
const PROBE_TIMEOUT_MS = 2_000;

export const healthz = (c: EdgeContext) => c.json({ status: 'ok' });

export const readyz =
  ({ core }: { readonly core: Core }) =>
  async (c: EdgeContext) => {
    const answer = await core.send({
      method: 'GET',
      path: '/readyz',
      headers: toCoreHeaders(new Headers(), c.var.ids),
      caller: { kind: 'edge' },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Fault('core_unavailable');
    return c.json({ status: 'ready' });
  };
