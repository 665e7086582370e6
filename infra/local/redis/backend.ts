/** What the Upstash REST door needs of a Redis, whichever it is. */

export type Command = readonly string[];

/** RESP2: simple and bulk strings, integers, nil, arrays. An error stands only inside a transaction's replies. */
export type Reply = string | Buffer | number | null | Error | readonly Reply[];

export interface RedisBackend {
  /** Rejects with the text of Redis's error reply (`ERR …`, `NOSCRIPT …`). */
  call(command: Command): Promise<Reply>;
  /**
   * MULTI … EXEC: nothing runs in between. A command that fails while running leaves an `Error` in
   * its place; one that cannot be queued discards them all and rejects (`EXECABORT …`).
   */
  multi(commands: readonly Command[]): Promise<readonly Reply[]>;
  close(): Promise<void>;
}
