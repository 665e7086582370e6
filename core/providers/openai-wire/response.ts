/** An answer that came as one JSON body although a stream was asked for, as some servers do. */
import * as z from 'zod/mini';
import { type ChatChunk, chatChunkSchema } from '../../contract/chat.ts';
import { ProviderFailure } from '../provider.ts';

const bodySchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({}) })).check(z.minLength(1)),
});

/** The whole answer as a single chunk. */
export function toChunk(body: unknown): ChatChunk | ProviderFailure {
  const answer = bodySchema.safeParse(body);
  if (!answer.success) return new ProviderFailure('bad-response');
  const { choices, ...rest } = answer.data;
  const chunk = chatChunkSchema.safeParse({
    ...rest,
    choices: choices.map(({ message, ...choice }, index) => ({ index, ...choice, delta: message })),
  });
  return chunk.success ? chunk.data : new ProviderFailure('bad-response');
}
