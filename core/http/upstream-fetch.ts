/** The one function through which the core reaches model providers. */
import { Agent } from 'undici';

export type UpstreamFetch = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/**
 * Connections are kept alive and shared by the provider's requests. Undici's own header and body
 * timers are off: first-token, idle and total limits are the caller's. Redirects are never followed,
 * since only the configuration names hosts.
 */
export function createUpstreamFetch({
  connectTimeoutMs,
}: {
  readonly connectTimeoutMs: number;
}): UpstreamFetch {
  const dispatcher = new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return (input, init) => {
    const options = { ...init, redirect: 'manual' as const, dispatcher };
    return fetch(input, options);
  };
}
