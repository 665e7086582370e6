import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { createFileBlobStore } from '../../core/state/file-blob-store.ts';
import { createS3BlobStore } from '../../core/state/s3-blob-store.ts';
import { LOCAL_AWS } from '../../infra/local/dynamodb.ts';
import { startS3Server } from '../support/s3-server.ts';
import { describeBlobStore, NOON } from './blob-store.suite.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function startClock() {
  let now = NOON;
  const setNow = (time: number) => {
    now = time;
  };
  return { now: () => now, setNow };
}

async function openFiles() {
  const parent = await mkdtemp(join(tmpdir(), 'blobs-'));
  cleanUps.push(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'blobs');
  const { now, setNow } = startClock();
  return { folder, setNow, store: createFileBlobStore({ folder, now }) };
}

async function openS3(endpointOf = (endpoint: string) => endpoint) {
  const server = await startS3Server();
  const client = new S3Client({
    ...LOCAL_AWS,
    endpoint: endpointOf(server.endpoint),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  cleanUps.push(async () => client.destroy(), server.close);
  const { now, setNow } = startClock();
  return { server, setNow, store: createS3BlobStore({ client, bucket: 'gateway', now }) };
}

describeBlobStore('blobs in files', openFiles);
describeBlobStore('blobs in S3', openS3);

describe('blobs in files', () => {
  const blob = (expiresAt: number) => ({ bytes: Uint8Array.of(7), expiresAt });

  it('can be read by this user alone', async () => {
    const { folder, store } = await openFiles();
    await store.put('a', blob(NOON + 1));
    const [file = ''] = await readdir(folder);
    const modes = await Promise.all([stat(folder), stat(join(folder, file))]);
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '600']);
  });

  it('stay within their folder, whatever they are called', async () => {
    const { folder, store } = await openFiles();
    await store.put('../../outside', blob(NOON + 1));
    expect(await readdir(join(folder, '..'))).toEqual(['blobs']);
    expect(await store.find('../../outside')).toBeDefined();
  });

  it('are deleted some time after their expiry', async () => {
    const { folder, setNow, store } = await openFiles();
    await store.put('short', blob(NOON + 1_000));
    await store.put('long', blob(NOON + 90_000_000));
    setNow(NOON + 86_400_000);
    await store.put('new', blob(NOON + 90_000_000));
    expect(await readdir(folder)).toHaveLength(2);
  });
});

describe('blobs in S3', () => {
  it('are named by bucket and name in the path', async () => {
    const { server, store } = await openS3();
    await store.put('a/b', { bytes: Uint8Array.of(7), expiresAt: NOON });
    expect(server.paths()).toEqual(['/gateway/a/b']);
  });

  it('reject when the store fails, which is not the same as finding nothing', async () => {
    const { store } = await openS3(() => 'http://127.0.0.1:1');
    await expect(store.find('a')).rejects.toThrow();
    await expect(store.put('a', { bytes: Uint8Array.of(7), expiresAt: NOON })).rejects.toThrow();
  });
});
