export function retryAfterMs(
  _headers: Headers | undefined,
  _error: unknown,
  _now: number,
): undefined {
  return undefined;
}
