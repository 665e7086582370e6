/** Vectors, from servers that may leave out all that is said about them. */
import * as z from 'zod/mini';
import type { EmbeddingRequest, EmbeddingResponse } from '../../contract/embeddings.ts';
import { ProviderFailure } from '../provider.ts';
import { errorIn, failureOfError } from './failure.ts';

const count = z.nullish(z.number());
const answerSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      index: z.nullish(z.int()),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.nullish(z.string()),
  usage: z.nullish(z.looseObject({ prompt_tokens: count, total_tokens: count })),
});

/** In the order of the inputs, a vector for each of them; what else the server said stays. */
export function toEmbeddings(
  body: unknown,
  request: EmbeddingRequest,
): EmbeddingResponse | ProviderFailure {
  const error = errorIn(body);
  if (error !== undefined) return failureOfError(error);
  const answer = answerSchema.safeParse(body);
  if (!answer.success) return new ProviderFailure('bad-response', { cause: answer.error });
  const { usage, model, ...rest } = answer.data;
  const data = rest.data
    .map((item, place) => ({ ...item, object: 'embedding' as const, index: item.index ?? place }))
    .sort((one, other) => one.index - other.index);
  if (data.length !== countInputs(request) || data.some(({ index }, place) => index !== place)) {
    return new ProviderFailure('bad-response');
  }
  const counted = toCounts(usage);
  return {
    ...rest,
    object: 'list',
    data,
    model: model || request.model,
    ...(counted && { usage: counted }),
  };
}

/** A list of numbers is one input, as tokens. */
const countInputs = ({ input }: EmbeddingRequest): number =>
  typeof input === 'string' || typeof input[0] === 'number' ? 1 : input.length;

/** All tokens of an embedding are the prompt's. */
function toCounts(usage: z.infer<typeof answerSchema>['usage']): EmbeddingResponse['usage'] {
  const tokens = usage?.prompt_tokens ?? usage?.total_tokens;
  if (tokens == null) return undefined;
  return { ...usage, prompt_tokens: tokens, total_tokens: usage?.total_tokens ?? tokens };
}
