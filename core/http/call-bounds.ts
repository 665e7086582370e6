/** `x-gateway-timeout-ms` and `x-gateway-max-attempts`: a client may tighten what the configuration allows. */
import type { CallBounds } from '../attempts/answer-request.ts';
import { Fault } from '../contract/fault.ts';
import { HEADER } from '../contract/header-names.ts';

export interface BoundsInput {
  readonly header: (name: string) => string | undefined;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly deadlineMs: number;
}

/** Throws `invalid_parameter` for a header that is no positive whole number. */
export function readCallBounds({ header, receivedAt, deadlineMs }: BoundsInput): CallBounds {
  const timeoutMs = positiveInteger(HEADER.timeoutMs, header) ?? deadlineMs;
  const maxAttempts = positiveInteger(HEADER.maxAttempts, header) ?? Number.POSITIVE_INFINITY;
  return { deadline: receivedAt + Math.min(timeoutMs, deadlineMs), maxAttempts };
}

function positiveInteger(name: string, header: BoundsInput['header']): number | undefined {
  const value = header(name);
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  const message = `The header ${name} must be a positive whole number.`;
  throw new Fault('invalid_parameter', { param: name, message });
}
