/** Tries the planned targets in order until one answers. */
import { Fault, type FaultCode } from '../contract/fault.ts';
import type { AttemptRecord } from '../ledger/request-log.ts';
import { type FailureReason, ProviderFailure } from '../providers/provider.ts';
import type { Target } from '../routing/plan.ts';

export interface Attempted<T> {
  readonly value: T;
  readonly target: Target;
  readonly attempts: readonly AttemptRecord[];
}

/** Every target has failed, or the request itself was refused. */
export class AttemptsFailed extends Error {
  override readonly name = 'AttemptsFailed';
  readonly fault: Fault;
  readonly attempts: readonly AttemptRecord[];

  constructor(fault: Fault, attempts: readonly AttemptRecord[]) {
    super(fault.message, { cause: fault });
    this.fault = fault;
    this.attempts = attempts;
  }
}

const CODES: Readonly<Record<FailureReason, FaultCode>> = {
  connect: 'upstream_connect_error',
  reset: 'upstream_unavailable',
  timeout: 'upstream_timeout',
  'rate-limited': 'upstream_rate_limited',
  'server-error': 'upstream_unavailable',
  auth: 'upstream_auth_error',
  'model-not-found': 'model_not_found',
  'context-length': 'context_length_exceeded',
  'content-policy': 'content_policy_violation',
  'invalid-request': 'invalid_parameter',
  'bad-response': 'upstream_bad_response',
  interrupted: 'upstream_unavailable',
};

export async function runAttempts<T>(
  targets: readonly Target[],
  tryTarget: (target: Target) => Promise<T>,
  now: () => number,
): Promise<Attempted<T>> {
  const attempts: AttemptRecord[] = [];
  let fault = new Fault('all_providers_unavailable');
  for (const target of targets) {
    const startedAt = now();
    const record = (outcome: string, possiblyBilled: boolean) =>
      attempts.push({ ...target, latency: now() - startedAt, outcome, possiblyBilled });
    try {
      const value = await tryTarget(target);
      record('success', true);
      return { value, target, attempts };
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      record(error.reason, error.reason !== 'connect');
      const { param } = error.details;
      fault = new Fault(CODES[error.reason], { cause: error, ...(param && { param }) });
    }
  }
  throw new AttemptsFailed(fault, attempts);
}
