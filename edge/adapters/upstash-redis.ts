/** The Upstash client as the edge uses it: no retries, no telemetry, and never a request without an end. */
import { Redis } from '@upstash/redis/cloudflare';

/** Ends a request nobody waits for any more, so that it does not hold one of the Worker's connections. */
const ABANDON_AFTER_MS = 5_000;

export interface UpstashOptions {
  readonly url: string;
  readonly token: string;
  /** Whether commands of the same moment travel as one request. */
  readonly enableAutoPipelining: boolean;
}

export const createUpstashRedis = (options: UpstashOptions): Redis =>
  new Redis({
    ...options,
    retry: { retries: 0 },
    enableTelemetry: false,
    readYourWrites: false,
    responseEncoding: false,
    signal: () => AbortSignal.timeout(ABANDON_AFTER_MS),
  });
