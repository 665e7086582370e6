/** Steps as the bytes that they send. */
import type { Step } from '../../support/fault-provider.ts';

export const bytesOf = (steps: readonly Step[]): Buffer =>
  Buffer.concat(
    steps.flatMap((step) =>
      typeof step === 'string' || step instanceof Uint8Array ? Buffer.from(step) : [],
    ),
  );

export function* oneByOne(bytes: Uint8Array): Generator<Step> {
  for (const byte of bytes) {
    yield Uint8Array.of(byte);
    yield new Promise(setImmediate);
  }
}

/** As HTTP's chunked coding has it. */
export const asChunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

export const withHeader = (head: string, line: string): string =>
  head.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`);
