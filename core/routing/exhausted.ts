/** The answer when nothing is left to try. */
import { Fault, type FaultCode } from '../contract/fault.ts';
import type { FailureReason } from '../providers/provider.ts';
import { CODE_OF_FAILURE } from './failure-code.ts';
import type { TargetView } from './next-step.ts';
import type { Target } from './target.ts';
import { blockOf } from './target-state.ts';

/** When a target that others have taken may be free again: nobody knows better. */
const TAKEN_FOR_MS = 1_000;

export interface FailedAttempt {
  readonly provider: string;
  readonly model: string;
  readonly reason: FailureReason;
  /** The field of the request at fault, where one was named. */
  readonly param?: string | undefined;
}

/**
 * `failures` are all attempts in their order, `views` what was last heard of every target of the plan.
 * `Retry-After` is the soonest that any of them is available.
 */
export function exhausted(
  failures: readonly FailedAttempt[],
  views: readonly TargetView[],
  now: number,
): Fault {
  const able = views.filter(({ target }) => !failures.some((one) => isUnable(one, target)));
  if (able.length === 0 && views.length > 0) return unsupported(failures);
  const calls = failures.filter(({ reason }) => reason !== 'unsupported');
  const code = calls.length > 0 ? codeOfFailures(calls) : codeOfRefusals(able, now);
  if (code === 'model_not_found') return new Fault(code);
  const soonest = Math.min(...able.map((view) => availableAt(view, now)));
  return new Fault(code, { retryAfterSeconds: Math.max(1, Math.ceil((soonest - now) / 1000)) });
}

const isUnable = ({ reason, provider, model }: FailedAttempt, target: Target): boolean =>
  reason === 'unsupported' && provider === target.provider && model === target.model;

/** No provider of the model can do what is asked: another try would not help. */
function unsupported(failures: readonly FailedAttempt[]): Fault {
  const { param } = failures.at(-1) ?? {};
  const message = `No provider of this model supports what the request asks for with "${param}".`;
  return new Fault('invalid_parameter', param === undefined ? {} : { message, param });
}

function codeOfFailures(failures: readonly FailedAttempt[]): FaultCode {
  const codes = failures.map(({ reason }) => CODE_OF_FAILURE[reason]);
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
