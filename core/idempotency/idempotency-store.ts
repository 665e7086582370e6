/** Which request holds an idempotency key, and where its answer is. */
import * as z from 'zod';

const holderShape = {
  requestId: z.string(),
  /** Of endpoint and body: the only request that may repeat it. */
  bodyDigest: z.string(),
  /** Epoch ms: the key is free from then on, also when its holder crashed. */
  expiresAt: z.int(),
};

const answerShapes = {
  inFlight: { state: z.literal('in-flight') },
  here: { state: z.literal('kept-here'), sealed: z.instanceof(Uint8Array) },
  blob: { state: z.literal('kept-as-blob') },
  notKept: { state: z.literal('not-kept') },
};

export const holdingSchema = z.discriminatedUnion('state', [
  z.object({ ...holderShape, ...answerShapes.inFlight }),
  z.object({ ...holderShape, ...answerShapes.here }),
  z.object({ ...holderShape, ...answerShapes.blob }),
  z.object({ ...holderShape, ...answerShapes.notKept }),
]);
export type Holding = z.infer<typeof holdingSchema>;

/** Every name is `{tenantId}#{keyId}#{digest of the client's key}`. All methods reject when the store fails. */
export interface IdempotencyStore {
  /** Takes the key if it is free. Else resolves with what holds it. */
  claim(name: string, holding: Holding): Promise<'claimed' | Holding>;
  /** Replaces what this request holds. Rejects when it holds the key no longer. */
  keep(name: string, holding: Holding): Promise<void>;
  /** Makes the key free if this request holds it. */
  free(name: string, requestId: string): Promise<void>;
}
