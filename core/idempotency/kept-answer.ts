/** An answer as it is kept, and given again. */
import * as z from 'zod';
import { HEADER } from '../contract/header-names.ts';
import { SSE_CONTENT_TYPE, SSE_DONE } from '../contract/sse.ts';

export const keptAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;

/** What belongs to the answer. The rest is about the request that is being answered, such as its limits. */
const KEPT_HEADERS = [
  'content-type',
  HEADER.provider,
  HEADER.model,
  HEADER.attempts,
  HEADER.cost,
  HEADER.costStatus,
];

export function toKeptAnswer({ status, headers }: Response, body: string): KeptAnswer {
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status, headers: Object.fromEntries(kept), body };
}

export const isStream = (headers: Headers): boolean =>
  headers.get('content-type') === SSE_CONTENT_TYPE;

/**
 * `failed` is an error that nothing came before, also where a stream had begun by then. `broken` is a
 * stream that an error ended, `cut` one that nothing did: its host was at its end.
 */
export type AnswerEnd = 'whole' | 'failed' | 'broken' | 'cut';

const ERROR_EVENT = 'data: {"error":';

export function endOf({ status, headers, body }: KeptAnswer): AnswerEnd {
  if (status >= 400 || body.startsWith(ERROR_EVENT)) return 'failed';
  if (headers['content-type'] !== SSE_CONTENT_TYPE || body.endsWith(SSE_DONE)) return 'whole';
  const lastEvent = body.slice(body.lastIndexOf('\n\n', body.length - 3) + 2);
  return lastEvent.startsWith(ERROR_EVENT) ? 'broken' : 'cut';
}
