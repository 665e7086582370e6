/**
 * OpenAI's embeddings over the models that Bedrock has: Titan takes one text a call, Cohere up to 96.
 * Fields that OpenAI does not know (`input_type`, `truncate`, `normalize`) reach the model as they are.
 */
import * as z from 'zod';
import type { EmbeddingRequest, EmbeddingResponse } from '../../contract/embeddings.ts';
import { ProviderFailure } from '../provider.ts';
import { traitsOf } from './models.ts';

const COHERE_TEXTS = 96;

/** One call of the model. */
export interface EmbeddingCall {
  readonly texts: readonly string[];
  /** The JSON to send. */
  readonly body: string;
}

export interface EmbeddingAnswer {
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number | undefined;
}

/** Throws `unsupported` for tokens instead of text, `model-not-found` for a model that embeds nothing. */
export function toEmbeddingCalls(request: EmbeddingRequest): readonly EmbeddingCall[] {
  const texts = toTexts(request.input);
  const { model, input: _, encoding_format: __, user: ___, dimensions, ...rest } = request;
  const { embeddings } = traitsOf(model);
  if (embeddings === 'titan') {
    const fields = { ...rest, ...(dimensions && { dimensions }) };
    return texts.map((inputText) => ({
      texts: [inputText],
      body: JSON.stringify({ ...fields, inputText }),
    }));
  }
  if (embeddings === 'cohere') {
    const size = dimensions ? { output_dimension: dimensions } : {};
    const fields = { input_type: 'search_document', ...rest, ...size };
    return inGroups(texts).map((group) => ({
      texts: group,
      body: JSON.stringify({ ...fields, texts: group }),
    }));
  }
  throw new ProviderFailure('model-not-found', { param: 'model' });
}

const vector = z.array(z.number()).min(1);
const answerSchema = z.union([
  z
    .object({ embedding: vector, inputTextTokenCount: z.number().optional() })
    .transform((titan) => ({ vectors: [titan.embedding], inputTokens: titan.inputTextTokenCount })),
  z
    .object({ embeddings: z.union([z.array(vector), z.object({ float: z.array(vector) })]) })
    .transform(({ embeddings }) => ({
      vectors: Array.isArray(embeddings) ? embeddings : embeddings.float,
      inputTokens: undefined,
    })),
]);

/** `counted` is Bedrock's header of input tokens, for the models that do not say it in the body. */
export function fromEmbeddingAnswer(
  { texts }: EmbeddingCall,
  body: string,
  counted: string | undefined,
): EmbeddingAnswer {
  const { vectors, inputTokens } = parseAnswer(body);
  if (vectors.length !== texts.length) throw new ProviderFailure('bad-response');
  if (inputTokens !== undefined || !counted || !/^\d+$/.test(counted))
    return { vectors, inputTokens };
  return { vectors, inputTokens: Number(counted) };
}

function parseAnswer(body: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new ProviderFailure('bad-response', { cause });
  }
}

/** In the order of the inputs. Usage is told only if every call was counted. */
export function toEmbeddingResponse(
  { model, encoding_format }: EmbeddingRequest,
  answers: readonly EmbeddingAnswer[],
): EmbeddingResponse {
  const vectors = answers.flatMap((answer) => answer.vectors);
  const counts = answers.flatMap(({ inputTokens }) => inputTokens ?? []);
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  const isCounted = counts.length === answers.length;
  return {
    object: 'list',
    data: vectors.map((numbers, index) => ({
      object: 'embedding',
      index,
      embedding: encoding_format === 'base64' ? toBase64(numbers) : [...numbers],
    })),
    model,
    ...(isCounted && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

/** 32-bit floats, little-endian, as OpenAI's clients read them. */
function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeFloatLE(number, index * 4);
  return bytes.toString('base64');
}

function toTexts(input: EmbeddingRequest['input']): readonly string[] {
  const inputs = typeof input === 'string' ? [input] : input;
  return inputs.map((text) => {
    if (typeof text === 'string') return text;
    throw new ProviderFailure('unsupported', { param: 'input' });
  });
}

const inGroups = (texts: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(texts.length / COHERE_TEXTS) }, (_, group) =>
    texts.slice(group * COHERE_TEXTS, (group + 1) * COHERE_TEXTS),
  );
