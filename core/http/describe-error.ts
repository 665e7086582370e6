/** What an operator's log may hold of an error: its kind and place. A message may quote a prompt or a key. */
export interface ErrorDescription {
  readonly name: string;
  readonly code?: string;
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
    ...(at && { at }),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}
