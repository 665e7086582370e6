/** Ids of requests: the gateway's own are always minted, a client's is only ever a label beside it. */

export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string | undefined;
}

const MAX_CLIENT_ID = 128;

/** UUIDv7 (RFC 9562 §5.7): sorts by time. `now` in epoch ms, `random` at least 10 bytes. */
export function mintRequestId(now: number, random: Uint8Array): string {
  const time = now.toString(16).padStart(12, '0');
  const [a = 0, b = 0, c = 0, ...rest] = random.subarray(0, 10);
  const tail = [0x70 | (a & 0x0f), b, 0x80 | (c & 0x3f), ...rest]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}

/** Keeps what is visible ASCII, so that the id can stand in a header and a log line. */
export function clientRequestId(header: string | undefined): string | undefined {
  return header?.replace(/[^\x21-\x7e]/g, '').slice(0, MAX_CLIENT_ID) || undefined;
}
