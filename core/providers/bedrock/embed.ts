/** Calls the model for as many texts at once as it takes, a few calls at a time. */
import { type BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { HttpResponse } from '@smithy/core/protocols';
import type { EmbeddingRequest, EmbeddingResponse } from '../../contract/embeddings.ts';
import type { Call } from '../provider.ts';
import {
  type EmbeddingAnswer,
  type EmbeddingCall,
  fromEmbeddingAnswer,
  toEmbeddingCalls,
  toEmbeddingResponse,
} from './embeddings.ts';
import { toFailure } from './failure.ts';

/** Calls under way at once for one request: a list of 2048 texts must not use up the account's rate. */
const CONCURRENCY = 8;
const TOKENS_HEADER = 'x-amzn-bedrock-input-token-count';

interface EmbedDeps {
  readonly client: BedrockRuntimeClient;
  readonly now: () => number;
}

/** The first call to fail fails the request and ends the others. */
export async function embed(
  { client, now }: EmbedDeps,
  request: EmbeddingRequest,
  call: Call,
): Promise<EmbeddingResponse> {
  const calls = toEmbeddingCalls(request);
  const answers: EmbeddingAnswer[] = [];
  const failed = new AbortController();
  const abortSignal = AbortSignal.any([call.signal, failed.signal]);
  const queue = calls.entries();
  const work = async () => {
    for (const [index, one] of queue) {
      answers[index] = await invoke(client, { ...one, model: request.model, abortSignal });
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } catch (error) {
    failed.abort();
    call.signal.throwIfAborted();
    throw toFailure(error, { began: false, now: now() });
  }
  return toEmbeddingResponse(request, answers);
}

interface Invocation extends EmbeddingCall {
  readonly model: string;
  readonly abortSignal: AbortSignal;
}

async function invoke(client: BedrockRuntimeClient, call: Invocation): Promise<EmbeddingAnswer> {
  const { model: modelId, body, abortSignal } = call;
  const command = new InvokeModelCommand({ modelId, body, contentType: 'application/json' });
  let counted: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      if (HttpResponse.isInstance(result.response))
        counted = result.response.headers[TOKENS_HEADER];
      return result;
    },
    { step: 'deserialize' },
  );
  const answer = await client.send(command, { abortSignal });
  return fromEmbeddingAnswer(call, answer.body.transformToString(), counted);
}
