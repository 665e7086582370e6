import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { BlobStore } from './blob-store.ts';

export interface S3BlobStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Epoch ms. */
  readonly now: () => number;
}

const TIMEOUT_MS = 10_000;

/**
 * An object each, its expiry in the metadata; a lifecycle rule of the bucket deletes it later. A missing
 * object is only told from a forbidden one with `s3:ListBucket`.
 */
export const createS3BlobStore = ({ client, bucket, now }: S3BlobStoreOptions): BlobStore => ({
  async put(name, { bytes, expiresAt }) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: name,
        Body: bytes,
        ContentType: 'application/octet-stream',
        Metadata: { 'expires-at': String(expiresAt) },
      }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
  },
  async find(name) {
    try {
      const { Body, Metadata } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: name }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      const bytes = await Body?.transformToByteArray();
      return Number(Metadata?.['expires-at']) > now() ? bytes : undefined;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
});
