/** API keys as the core keeps them: the truth, of which the edge reads a mirror. */
import * as z from 'zod';
import { type KeyRecord, keyRecordSchema, limitsSchema } from '../contract/principal.ts';

const { configVersion: _, limits: __, ...identity } = keyRecordSchema.shape;

export const storedKeySchema = z.object({
  ...identity,
  name: z.string(),
  /** HMAC-SHA-256 of the whole key; the key itself is shown once and never kept. */
  digest: z.string(),
  /** Absent means the configuration's default. */
  limits: z.optional(limitsSchema),
  /** Epoch ms. */
  createdAt: z.int(),
});
export type StoredKey = z.infer<typeof storedKeySchema>;

export interface KeyStore {
  findByDigest(digest: string): Promise<StoredKey | undefined>;
  /** Refuses to replace a key that exists, by throwing. */
  create(key: StoredKey): Promise<void>;
  list(): AsyncIterable<StoredKey>;
}

/** The copy that the edge reads. */
export interface KeyMirror {
  publish(digest: string, record: KeyRecord): Promise<void>;
  /** The configuration with which every key was published last. */
  configVersion(): Promise<string | undefined>;
  confirm(configVersion: string): Promise<void>;
}
