/** What an operator's log may hold of an error: its kind and place. A message may quote a prompt or a key. */
import { Fault } from '../contract/fault.ts';

export interface ErrorDescription {
  readonly name: string;
  readonly code?: string;
  /** The name of the field at fault. */
  readonly param?: string;
  /** Where it was thrown: the first frame of the stack. */
  readonly at?: string;
  readonly cause?: ErrorDescription;
}

export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const at = /\n\s+at (?:.*\()?(?:file:\/\/)?([^()\n]+:\d+:\d+)/.exec(error.stack ?? '')?.[1];
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('reason' in error && typeof error.reason === 'string' && { code: error.reason }),
    ...(error instanceof Fault && error.options.param && { param: error.options.param }),
    ...(at && { at }),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}
