/** What every blob store must do. */
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '../../core/state/blob-store.ts';

export interface BlobStoreWorld {
  readonly store: BlobStore;
  /** Moves the store's clock, which stands at `NOON`. */
  readonly setNow: (now: number) => void;
}

export const NOON = Date.parse('2026-03-02T12:00:00.000Z');

const NAME = 'idempotency/shop/abcdefgh1234/0123abcd/request-1';
const bytes = Uint8Array.from({ length: 500_000 }, (_, at) => at % 251);

export function describeBlobStore(name: string, open: () => Promise<BlobStoreWorld>): void {
  describe(name, () => {
    it('gives back the bytes that were put', async () => {
      const { store } = await open();
      await store.put(NAME, { bytes, expiresAt: NOON + 1_000 });
      expect(Buffer.compare((await store.find(NAME)) ?? Buffer.of(), bytes)).toBe(0);
    });

    it('finds nothing under a name that was never put', async () => {
      const { store } = await open();
      await store.put(NAME, { bytes, expiresAt: NOON + 1_000 });
      expect(await store.find(`${NAME}0`)).toBeUndefined();
    });

    it('replaces what was there, with its expiry', async () => {
      const { store, setNow } = await open();
      await store.put(NAME, { bytes, expiresAt: NOON + 1_000 });
      await store.put(NAME, { bytes: Uint8Array.of(7), expiresAt: NOON + 2_000 });
      setNow(NOON + 1_500);
      expect([...((await store.find(NAME)) ?? [])]).toEqual([7]);
    });

    it('finds nothing from the moment of its expiry', async () => {
      const { store, setNow } = await open();
      await store.put(NAME, { bytes: Uint8Array.of(7), expiresAt: NOON + 1_000 });
      setNow(NOON + 999);
      expect(await store.find(NAME)).toBeDefined();
      setNow(NOON + 1_000);
      expect(await store.find(NAME)).toBeUndefined();
    });
  });
}
