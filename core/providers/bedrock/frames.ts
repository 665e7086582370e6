/**
 * Reads AWS's event-stream frames for the SDK, whose own reader trusts the length that a frame claims
 * (an HTML page would make it reserve a gigabyte), takes an end inside a frame's first bytes for a
 * good one, and fails on frames without `:message-type`, which stand-ins for Bedrock leave out.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import type { BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import {
  EventStreamCodec,
  eventStreamSerdeProvider,
  type Message,
} from '@smithy/core/event-streams';

/** The lengths of frame and headers with their checksum, and the checksum of the whole. */
const MIN_FRAME_BYTES = 16;
/** The protocol's bounds: a payload of 16 MiB, headers of 128 KiB. */
const MAX_FRAME_BYTES = MIN_FRAME_BYTES + (16 * 1024 + 128) * 1024;
/** Far above any answer, and a bound against one that never ends. */
const MAX_STREAM_BYTES = 64 * 1_048_576;

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);

type SerdeProvider = NonNullable<BedrockRuntimeClientConfig['eventStreamSerdeProvider']>;
type Deserialize = ReturnType<SerdeProvider>['deserialize'];

/** A body that is not a stream, for the client's configuration: the SDK's own collector has no bound. */
export async function collectBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(body, MAX_FRAME_BYTES)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Throws an error named `EndlessBody` once there is more. */
async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw named('EndlessBody', 'the answer does not end');
    yield chunk;
  }
}

/** For the client's configuration. The events throw an error named after the exception, `CorruptFrame` or `CutFrame`. */
export const frameReader: SerdeProvider = (options) => {
  const marshaller = eventStreamSerdeProvider(options);
  return { serialize: marshaller.serialize.bind(marshaller), deserialize: readEvents };
};

const readEvents: Deserialize = async function* (body, deserializer) {
  for await (const message of readMessages(bounded(body, MAX_STREAM_BYTES))) {
    const type = header(message, 'message-type') ?? 'event';
    if (type !== 'event') throw toError(message, type);
    const event = await deserializer({ [header(message, 'event-type') ?? '']: message });
    if (!isUnknown(event)) yield event;
  }
};

async function* readMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let frameBytes = MIN_FRAME_BYTES;
  for await (const chunk of body) {
    pending.push(chunk);
    pendingBytes += chunk.byteLength;
    if (pendingBytes < frameBytes) continue;
    let bytes = Buffer.concat(pending);
    frameBytes = readLength(bytes);
    while (bytes.byteLength >= frameBytes) {
      yield decode(bytes.subarray(0, frameBytes));
      bytes = bytes.subarray(frameBytes);
      frameBytes = readLength(bytes);
    }
    pending = [bytes];
    pendingBytes = bytes.byteLength;
  }
  if (pendingBytes > 0) throw named('CutFrame', 'the stream ended inside a frame');
}

/** What to wait for: a frame's claimed length, once enough of it is there to claim one. */
function readLength(bytes: Buffer): number {
  if (bytes.byteLength < MIN_FRAME_BYTES) return MIN_FRAME_BYTES;
  const length = bytes.readUInt32BE(0);
  if (length >= MIN_FRAME_BYTES && length <= MAX_FRAME_BYTES) return length;
  throw named('CorruptFrame', `a frame cannot have ${length} bytes`);
}

function decode(frame: Buffer): Message {
  try {
    return codec.decode(frame);
  } catch (cause) {
    throw named('CorruptFrame', 'a frame fails its checksum', cause);
  }
}

function header({ headers }: Message, name: string): string | undefined {
  const value = headers[`:${name}`]?.value;
  return typeof value === 'string' ? value : undefined;
}

/** An exception has its message in the body, an error of the protocol in a header. */
function toError(message: Message, type: string): Error {
  const name = header(message, type === 'exception' ? 'exception-type' : 'error-code');
  return named(
    name ?? 'UnknownError',
    header(message, 'error-message') ?? decoder.decode(message.body),
  );
}

const named = (name: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name });

const isUnknown = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && '$unknown' in event;
