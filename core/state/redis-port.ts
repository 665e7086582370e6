/** What the core asks of Redis. Keys that are used together share a hash tag, so that a cluster serves them in one call. */
export interface RedisPort {
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Compare and set: writes only while the key holds `expected`. */
  replace(key: string, change: Replacement): Promise<boolean>;
  /** Takes one of a limited number of places. Who already holds one keeps it, until the new time. */
  takePlace(key: string, place: Place): Promise<boolean>;
  leavePlace(key: string, holder: string): Promise<void>;
}

interface Replacement {
  /** Absent: the key must not exist. */
  readonly expected: string | undefined;
  readonly next: string;
  readonly ttlMs: number;
}

export interface Place {
  readonly holder: string;
  readonly limit: number;
  /** Epoch ms: then the place falls back, whoever still holds it. */
  readonly until: number;
  readonly now: number;
}
