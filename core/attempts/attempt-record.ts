/** What the log row keeps of each attempt. */
import type { FailureReason, ProviderFailure } from '../providers/provider.ts';

export interface AttemptRecord {
  readonly provider: string;
  readonly model: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly ms: number;
  readonly firstTokenMs?: number;
  /** How long the request waited before it. */
  readonly waitMs?: number;
  readonly outcome: 'answered' | 'abandoned' | 'error' | FailureReason;
  readonly upstreamCode?: string;
  readonly upstreamStatus?: number;
  /** Whether the provider may charge for it although it failed. */
  readonly possiblyBilled: boolean;
}

export type AttemptEnd = 'answered' | 'abandoned' | 'error' | ProviderFailure;

/** The part of a record that is known at the end. */
export function endOfAttempt(
  end: AttemptEnd,
): Pick<AttemptRecord, 'outcome' | 'upstreamCode' | 'upstreamStatus' | 'possiblyBilled'> {
  if (typeof end === 'string') return { outcome: end, possiblyBilled: true };
  const { upstreamCode, status } = end.details;
  return {
    outcome: end.reason,
    ...(upstreamCode !== undefined && { upstreamCode }),
    ...(status !== undefined && { upstreamStatus: status }),
    possiblyBilled: end.details.afterContent === true || POSSIBLY_BILLED[end.reason],
  };
}

/** A provider that refused or said that it failed does not charge; one that was cut off may. */
const POSSIBLY_BILLED: Readonly<Record<FailureReason, boolean>> = {
  connect: false,
  reset: true,
  timeout: true,
  'rate-limited': false,
  'server-error': false,
  auth: false,
  'model-not-found': false,
  'context-length': false,
  'content-policy': false,
  'invalid-request': false,
  unsupported: false,
  'bad-response': true,
  interrupted: true,
};
