/** An answer on its way to the client, copied for the content log where the key asks for that. */
import type { JsonObject } from '../contract/json-body.ts';
import type { Principal } from '../contract/principal.ts';
import { type ContentLog, MAX_CONTENT_BYTES } from './content-log.ts';

export interface ContentRequest {
  readonly call: {
    readonly requestId: string;
    readonly principal: Principal;
    /** Epoch ms. */
    readonly receivedAt: number;
    readonly waitUntil: (work: Promise<unknown>) => void;
  };
  readonly body: JsonObject;
}

/** Gives the answer as it is. What was sent of it is kept when it has ended, however that came. */
export async function keepContent(
  { call, body }: ContentRequest,
  log: Pick<ContentLog, 'keep'>,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { requestId, principal, receivedAt, waitUntil } = call;
  if (!principal.logContent) return answer();
  const { tenantId } = principal;
  const keep = (answered: Uint8Array) => {
    const request = toText(Buffer.from(JSON.stringify(body)));
    const content = { request, answer: toText(answered) };
    waitUntil(log.keep({ requestId, tenantId, receivedAt }, content));
  };
  try {
    const { body: stream, status, headers } = await answer();
    return new Response(stream && copied(stream, keep), { status, headers });
  } catch (error) {
    keep(Buffer.alloc(0));
    throw error;
  }
}

/** Beyond the bound nothing is copied: an answer may be long. */
function copied(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEnd: (copy: Uint8Array) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let room = MAX_CONTENT_BYTES;
  const end = () => onEnd(Buffer.concat(parts));
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await reader.read().catch((error: unknown) => {
          end();
          throw error;
        });
        if (next.done) {
          end();
          return controller.close();
        }
        parts.push(next.value.subarray(0, room));
        room -= Math.min(room, next.value.byteLength);
        controller.enqueue(next.value);
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

const toText = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, MAX_CONTENT_BYTES));
