/** Bytes that are too many for an item of the database. */
export interface BlobStore {
  /** Replaces what has this name: letters, digits, `.`, `_` and `-`, in parts between slashes. */
  put(name: string, blob: Blob): Promise<void>;
  /** Undefined where there is nothing, or where its time is over. */
  find(name: string): Promise<Uint8Array | undefined>;
}

interface Blob {
  readonly bytes: Uint8Array;
  /** Epoch ms; it may be deleted after it. */
  readonly expiresAt: number;
}
