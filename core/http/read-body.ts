import { Fault } from '../contract/fault.ts';
import { isJsonContentType, type JsonObject, parseJsonBody } from '../contract/json-body.ts';

/** A JSON body counted as it is read, whatever its length header says. Throws the `Fault` to answer with. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<JsonObject> {
  if (!isJsonContentType(request.headers.get('content-type'))) {
    throw new Fault('unsupported_media_type');
  }
  const body = parseJsonBody(await readBytes(request, maxBytes));
  if (body instanceof Fault) throw body;
  return body;
}

/** Counted as they are read, whatever length was declared. Throws `request_too_large`. */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let count = 0;
  for await (const part of partsOf(request, maxBytes)) {
    count += part.byteLength;
    if (count > maxBytes) {
      const message = `The request body is larger than ${maxBytes} bytes.`;
      throw new Fault('request_too_large', { message });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** All at once, which costs far less, where HTTP ends the body in time. */
async function* partsOf(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) <= maxBytes)
    yield new Uint8Array(await request.arrayBuffer());
  else yield* request.body ?? [];
}
