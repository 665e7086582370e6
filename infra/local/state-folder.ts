/** The folder of a local gateway's state: what is in it, and how it is forgotten. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDynamoDb } from './dynamodb.ts';

export const pathsIn = (folder: string) => ({
  blobs: join(folder, 'blobs'),
  credentials: join(folder, 'credentials.json'),
  dynamodb: join(folder, 'dynamodb'),
  edge: join(folder, 'edge'),
  log: join(folder, 'gateway.log'),
  rowSpool: join(folder, 'row-spool.jsonl'),
  secrets: join(folder, 'secrets.json'),
});

/** Throws when a gateway is running on the folder: its state must not vanish under it. */
export async function forgetState(folder: string): Promise<void> {
  try {
    const dynamodb = await startDynamoDb({ path: pathsIn(folder).dynamodb });
    await dynamodb.close();
  } catch (error) {
    if (isLocked(error)) throw error;
  }
  await rm(folder, { recursive: true, force: true });
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'LEVEL_LOCKED') || isLocked(error.cause));

/** Readable by this user alone, also where a file with other rights was before. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600 });
}
