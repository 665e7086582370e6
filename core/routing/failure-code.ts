import type { FaultCode } from '../contract/fault.ts';
import type { FailureReason } from '../providers/provider.ts';

/** What a failure is called towards the client, if it is the one that speaks for the request. */
export const CODE_OF_FAILURE: Readonly<Record<FailureReason, FaultCode>> = {
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
  unsupported: 'invalid_parameter',
  'bad-response': 'upstream_bad_response',
  interrupted: 'upstream_unavailable',
};
