/** The bodies of answers, each with a bound: a server may send without end, or never come to one. */
import { ProviderFailure } from '../provider.ts';
import { errorOf, failureOfConnection } from './failure.ts';

/** Decompressed; far above any answer, and a bound against one that never ends. */
const MAX_ANSWER_BYTES = 64 * 1_048_576;
/** What a refusal says stands at its beginning, and most of it is in its status. */
const MAX_REFUSAL_LENGTH = 65_536;
const REFUSAL_WITHIN_MS = 1_000;

/** A body to read. Leaving it before its end closes its connection. */
export function openBody({ body }: Response, signal?: AbortSignal) {
  const reader = (body ?? new Blob().stream()).getReader();
  const leave = () => void reader.cancel().catch(() => {});
  return { bytes: bounded(reader, { signal, leave }), leave };
}

interface Reading {
  readonly signal: AbortSignal | undefined;
  readonly leave: () => void;
}

/** The body's bytes, with broken connections told in the port's terms. */
async function* bounded(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { signal, leave }: Reading,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      count += value.byteLength;
      if (count > MAX_ANSWER_BYTES) throw new ProviderFailure('bad-response');
      yield value;
    }
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    throw signal?.aborted ? signal.reason : failureOfConnection(error, true);
  } finally {
    leave();
  }
}

/** Throws `bad-response` for what is no JSON, or not UTF-8. */
export async function readJson(bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks = await Array.fromAsync(bytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new ProviderFailure('bad-response', { cause });
  }
}

/** The refusal that the SDK is to see, which reads bodies whole: what was said at once, as OpenAI would put it. */
export async function cutRefusal(response: Response): Promise<Response> {
  const { body, status } = response;
  // Some statuses have none, and may not be given one.
  if (!body) return response;
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  return Response.json({ error: errorOf(await readBeginning(response)) }, { status, headers });
}

async function readBeginning(response: Response): Promise<string> {
  const { bytes, leave } = openBody(response);
  const timer = setTimeout(leave, REFUSAL_WITHIN_MS);
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const part of bytes) {
      text += decoder.decode(part, { stream: true });
      if (text.length > MAX_REFUSAL_LENGTH) break;
    }
  } catch {
    // What broke off has said enough: the status is known.
  } finally {
    clearTimeout(timer);
  }
  return text;
}
