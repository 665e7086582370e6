/** Blobs on one machine: a file each, that only this user may read, with its expiry as its time of change. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';

export interface FileBlobStoreOptions {
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** How often expired files are looked for, and how long a file that is being written is spared. */
const SWEEP_EVERY_MS = 3_600_000;

export function createFileBlobStore({ folder, now }: FileBlobStoreOptions): BlobStore {
  /** A digest is a name for any file system, and leads nowhere else. */
  const pathOf = (name: string) => join(folder, createHash('sha256').update(name).digest('hex'));
  let sweptAt = 0;
  return {
    async put(name, { bytes, expiresAt }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = join(folder, randomUUID());
      await writeFile(unfinished, bytes, { mode: 0o600, flush: true });
      await utimes(unfinished, expiresAt / 1000, expiresAt / 1000);
      await rename(unfinished, pathOf(name));
      if (now() - sweptAt < SWEEP_EVERY_MS) return;
      sweptAt = now();
      await sweep(folder, sweptAt - SWEEP_EVERY_MS);
    },
    async find(name) {
      try {
        const { mtimeMs } = await stat(pathOf(name));
        return mtimeMs > now() ? await readFile(pathOf(name)) : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

async function sweep(folder: string, before: number): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < before) await rm(path, { force: true });
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
