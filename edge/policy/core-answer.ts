/** Tells an answer of the core from one of whatever stands in front of it. */
import { Fault } from '../../core/contract/fault.ts';
import { isJsonContentType } from '../../core/contract/json-body.ts';

/**
 * The core never redirects, its errors are JSON, and the client is authenticated already: a 401 is
 * about the hop, which is no business of the client's.
 */
export function isCoreAnswer(status: number, contentType: string | null): boolean {
  if (status === 401 || (status >= 300 && status < 400)) return false;
  return status < 400 || isJsonContentType(contentType);
}

class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** The fault of an answer that is of no use; its status is for the operator alone. */
export const coreUnavailable = (status: number): Fault =>
  new Fault('core_unavailable', { cause: new UnusableAnswer(status) });

/** The status that `coreUnavailable` was told. */
export const coreStatus = ({ cause }: Error): number | undefined =>
  cause instanceof UnusableAnswer ? cause.status : undefined;
