/** The headers that may cross between client and core. What is not named here stays on its side. */
import { HEADER } from '../../core/contract/header-names.ts';
import type { RequestIds } from './request-id.ts';

const TO_CORE = [
  'accept',
  'content-type',
  HEADER.traceparent,
  HEADER.streamMode,
  HEADER.timeoutMs,
  HEADER.maxAttempts,
  HEADER.metadata,
  HEADER.idempotencyKey,
  'origin',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
] as const;

const TO_CLIENT = [
  'content-type',
  'allow',
  'retry-after',
  HEADER.traceparent,
  HEADER.provider,
  HEADER.model,
  HEADER.attempts,
  HEADER.cost,
  HEADER.costStatus,
  HEADER.degraded,
  HEADER.replayed,
  HEADER.shouldRetry,
  HEADER.serverTiming,
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
  'mcp-protocol-version',
] as const;

export function toCoreHeaders(client: Headers, ids: RequestIds): Headers {
  const headers = pick(client, TO_CORE);
  headers.set(HEADER.requestId, ids.requestId);
  if (ids.clientRequestId) headers.set(HEADER.clientRequestId, ids.clientRequestId);
  return headers;
}

export const toClientHeaders = (core: Headers): Headers => pick(core, TO_CLIENT);

function pick(from: Headers, names: readonly string[]): Headers {
  const headers = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
