/** Embeddings on the wire. https://platform.openai.com/docs/api-reference/embeddings */
import * as z from 'zod/mini';
import type { Fault } from './fault.ts';
import type { JsonObject } from './json-body.ts';
import { listOf } from './list-of.ts';
import { parseInput } from './parse-input.ts';

const tokens = listOf(z.int().check(z.nonnegative())).check(z.minLength(1));
/** OpenAI's own bound on the inputs of one request. */
const MAX_INPUTS = 2048;

/** @internal */
export const embeddingRequestSchema = z.looseObject({
  model: z.string().check(z.minLength(1), z.maxLength(128)),
  input: z.union([
    z.string().check(z.minLength(1)),
    tokens,
    listOf(z.union([z.string().check(z.minLength(1)), tokens]), MAX_INPUTS).check(z.minLength(1)),
  ]),
  encoding_format: z.nullish(z.enum(['float', 'base64'])),
  dimensions: z.nullish(z.int().check(z.positive())),
  user: z.nullish(z.string()),
});
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>;

/** A parsed body → the request, or the fault that names its first wrong field. */
export const parseEmbeddingRequest = (body: JsonObject): EmbeddingRequest | Fault =>
  parseInput(embeddingRequestSchema, { value: body, from: 'body' });

export interface EmbeddingResponse {
  readonly object: 'list';
  /** In the order of the inputs. */
  readonly data: readonly {
    readonly object: 'embedding';
    readonly index: number;
    /** Numbers, or base64 of little-endian 32-bit floats. */
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
  /** As the provider says it, if it does. */
  readonly usage?: { readonly [field: string]: unknown };
}
