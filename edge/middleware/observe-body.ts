/** Lets a body pass chunk by chunk while keeping a copy of it, for whoever reads it once it is whole. */

export interface ObservedBody {
  /** Pulled by the client alone: its pace and its leaving reach the source. */
  readonly body: ReadableStream<Uint8Array>;
  /** All chunks; undefined when the body broke, its reader left, or it was longer than `maxBytes`. */
  readonly whole: Promise<readonly Uint8Array[] | undefined>;
}

export function observeBody(source: ReadableStream<Uint8Array>, maxBytes: number): ObservedBody {
  const { promise: whole, resolve } = Promise.withResolvers<readonly Uint8Array[] | undefined>();
  const reader = source.getReader();
  let kept: Uint8Array[] | undefined = [];
  let size = 0;

  const keep = (chunk: Uint8Array) => {
    size += chunk.byteLength;
    if (size > maxBytes) kept = undefined;
    kept?.push(chunk);
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await reader.read();
      if (!done) {
        keep(value);
        controller.enqueue(value);
        return;
      }
      resolve(kept);
      controller.close();
    } catch (error) {
      resolve(undefined);
      controller.error(error);
    }
  };
  const cancel = (reason: unknown) => {
    resolve(undefined);
    return reader.cancel(reason);
  };
  return { body: new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), whole };
}
