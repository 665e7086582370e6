/** The answer when nothing is left to try. */
import { Fault, type FaultCode } from '../contract/fault.ts';
import type { FailureReason } from '../providers/provider.ts';
import { CODE_OF_FAILURE } from './failure-code.ts';
import type { TargetView } from './next-step.ts';
import { blockOf } from './target-state.ts';

/** When a target that others have taken may be free again: nobody knows better. */
const TAKEN_FOR_MS = 1_000;

/**
 * `failures` are the reasons of all attempts in their order, `views` what was last heard of every target
 * of the plan. `Retry-After` is the soonest that any of them is available.
 */
export function exhausted(
  failures: readonly FailureReason[],
  views: readonly TargetView[],
  now: number,
): Fault {
  const code = failures.length > 0 ? codeOfFailures(failures) : codeOfRefusals(views, now);
  if (code === 'model_not_found') return new Fault(code);
  const soonest = Math.min(...views.map((view) => availableAt(view, now)));
  return new Fault(code, { retryAfterSeconds: Math.max(1, Math.ceil((soonest - now) / 1000)) });
}

function codeOfFailures(failures: readonly FailureReason[]): FaultCode {
  const codes = failures.map((reason) => CODE_OF_FAILURE[reason]);
  const [first] = codes;
  if (first && codes.every((code) => code === first)) return first;
  return codes.findLast((code) => BAD_GATEWAY.has(code)) ?? 'upstream_unavailable';
}

/** Nothing was tried. */
function codeOfRefusals(views: readonly TargetView[], now: number): FaultCode {
  const blocks = new Set(views.map(({ state }) => blockOf(state, now)?.by));
  if (blocks.size === 1 && blocks.has('rate-limit')) return 'upstream_rate_limited';
  if (blocks.size === 1 && blocks.has('credential')) return 'upstream_auth_error';
  return 'all_providers_unavailable';
}

function availableAt({ state, isTaken }: TargetView, now: number): number {
  const freeAt = isTaken ? now + TAKEN_FOR_MS : now;
  return Math.max(freeAt, blockOf(state, now)?.until ?? now);
}

/** Of failures of several kinds, only what answers 502 can speak for all. */
const BAD_GATEWAY: ReadonlySet<FaultCode> = new Set([
  'upstream_connect_error',
  'upstream_unavailable',
  'upstream_auth_error',
  'upstream_bad_response',
]);
