/** Where answers are kept: sealed, in the item of their key, or beside it if they are too long for one. */
import type { BlobStore } from '../state/blob-store.ts';
import type { SealedBox } from '../state/sealed-box.ts';
import type { Holding } from './idempotency-store.ts';
import { type KeptAnswer, keptAnswerSchema } from './kept-answer.ts';

/** DynamoDB takes items of 400 KB. */
const MAX_IN_ITEM_BYTES = 300_000;

export interface AnswerVault {
  /** Resolves with what is to be held under the name. */
  put(name: string, held: Holding, answer: KeptAnswer): Promise<Holding>;
  /** Undefined if the answer is lost: not there, or not to be opened. Rejects when the store fails. */
  find(name: string, held: Holding): Promise<KeptAnswer | undefined>;
}

export function createAnswerVault(box: SealedBox, blobs: BlobStore): AnswerVault {
  return {
    async put(name, { requestId, bodyDigest, expiresAt }, answer) {
      const holder = { requestId, bodyDigest, expiresAt };
      const place = placeOf(name, requestId);
      const sealed = box.seal(Buffer.from(JSON.stringify(answer)), place);
      if (sealed.byteLength <= MAX_IN_ITEM_BYTES) return { ...holder, state: 'kept-here', sealed };
      await blobs.put(place, { bytes: sealed, expiresAt });
      return { ...holder, state: 'kept-as-blob' };
    },
    async find(name, held) {
      const place = placeOf(name, held.requestId);
      const sealed = held.state === 'kept-here' ? held.sealed : await blobs.find(place);
      const bytes = sealed && box.open(sealed, place);
      return bytes && keptAnswerSchema.safeParse(JSON.parse(Buffer.from(bytes).toString())).data;
    },
  };
}

/** Of one request: a holder that comes too late cannot replace what another one has kept. */
const placeOf = (name: string, requestId: string): string =>
  `idempotency/${name.replaceAll('#', '/')}/${requestId}`;
