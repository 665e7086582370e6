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

/**
 * The same in HTTP's chunked coding, which says where the body ends: a connection that is closed or reset
 * before has broken the answer off. Without it, either one looks like the end.
 */
export const chunked = ([head, ...steps]: readonly Step[]): readonly Step[] => [
  withHeader(String(head), 'transfer-encoding: chunked'),
  ...steps.map((step) =>
    (typeof step === 'string' && step) || step instanceof Uint8Array
      ? asChunk(Buffer.from(step))
      : step,
  ),
];

const asChunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

export const withHeader = (head: string, line: string): string =>
  head.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`);
