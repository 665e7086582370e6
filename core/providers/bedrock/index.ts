/** Amazon Bedrock: chat through ConverseStream (Converse where it must be), embeddings through InvokeModel. */
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  type ConverseStreamOutput,
  ListAsyncInvokesCommand,
  type ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ChatChunk } from '../../contract/chat.ts';
import { billed } from '../../ledger/bill.ts';
import { collectResponse } from '../collect.ts';
import type { Call, LLMRequest, ProviderAdapter, ProviderPrices } from '../provider.ts';
import { embed } from './embed.ts';
import { toFailure } from './failure.ts';
import { collectBody, frameReader } from './frames.ts';
import { traitsOf } from './models.ts';
import { toConverseInput } from './request.ts';
import { toStreamEvents } from './response.ts';
import { finish, isFinished, START, step } from './stream.ts';
import { toToolConfig } from './tools.ts';

export interface BedrockDeps {
  readonly name: string;
  readonly client: BedrockRuntimeClient;
  /** Ids of models and inference profiles, or ARNs. */
  readonly models: readonly string[];
  readonly prices: ProviderPrices;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long a connection may stay open after a whole answer, to be used again. */
const LINGER_MS = 1000;
const PROBE_MS = 3000;

export function createBedrockAdapter(deps: BedrockDeps): ProviderAdapter {
  const { name, prices, now } = deps;
  return {
    ...prices,
    name,
    isAvailable: () => isReachable(deps.client),
    listModels: async () => deps.models.map((id) => ({ id })),
    generateCompletion: (request, call) =>
      collectResponse(
        billed(stream(deps, request, call), request, (usage) => prices.price(request.model, usage)),
        { provider: name, model: request.model, requestId: call.requestId, now },
      ),
    streamCompletion: (request, call) => stream(deps, request, call),
    isUnstreamed: ({ model, wire }) => isUnstreamed(model, toToolConfig(wire)),
    createEmbeddings: (request, call) => embed(deps, request, call),
  };
}

export interface BedrockClientOptions {
  readonly region: string;
  /** In place of AWS's own; may be plain HTTP. */
  readonly endpoint?: string;
  /** A Bedrock API key; without one, requests are signed with the credentials of the environment. */
  readonly bearerToken?: string;
  readonly connectTimeoutMs: number;
}

/**
 * HTTP/1.1 for every endpoint. The SDK's HTTP/2 opens a connection for each stream as well, so it saves
 * none, cannot talk to a plain endpoint, and closing one call's connection is how an upstream learns
 * that nobody listens any more. How many calls run at once is decided in routing, as are retries and
 * all limits of time but that of connecting.
 */
export function createBedrockClient(options: BedrockClientOptions): BedrockRuntimeClient {
  const { region, endpoint, bearerToken, connectTimeoutMs } = options;
  return new BedrockRuntimeClient({
    region,
    maxAttempts: 1,
    retryMode: 'standard',
    eventStreamSerdeProvider: frameReader,
    streamCollector: collectBody,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectTimeoutMs,
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    }),
    ...(endpoint && { endpoint }),
    ...(bearerToken && {
      token: { token: bearerToken },
      authSchemePreference: ['httpBearerAuth'],
    }),
  });
}

/** The cheapest call there is. Any answer will do: whether this role may make it tells nothing. */
async function isReachable(client: BedrockRuntimeClient): Promise<boolean> {
  try {
    const probe = new ListAsyncInvokesCommand({ maxResults: 1 });
    await client.send(probe, { abortSignal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch (error) {
    const { status } = toFailure(error, { began: false, now: 0 }).details;
    return status !== undefined && status < 500;
  }
}

async function* stream(
  { client, now }: BedrockDeps,
  request: LLMRequest,
  call: Call,
): AsyncGenerator<ChatChunk> {
  const envelope = {
    id: `chatcmpl-${call.requestId}`,
    object: 'chat.completion.chunk',
    created: Math.floor(now() / 1000),
    model: request.model,
  };
  const input = toConverseInput(request);
  const left = new AbortController();
  let state = START;
  let linger: NodeJS.Timeout | undefined;
  try {
    const signal = AbortSignal.any([call.signal, left.signal]);
    for await (const event of await openEvents(client, input, signal)) {
      const [next, chunks] = step(state, event);
      state = next;
      for (const chunk of chunks) yield { ...envelope, ...chunk };
      if (isFinished(state)) linger ??= setTimeout(() => left.abort(), LINGER_MS);
    }
  } catch (error) {
    call.signal.throwIfAborted();
    if (!isFinished(state)) throw toFailure(error, { began: state.begun, now: now() });
  } finally {
    clearTimeout(linger);
    left.abort();
  }
  for (const chunk of finish(state)) yield { ...envelope, ...chunk };
}

/** Some models cannot stream when they have tools. */
const isUnstreamed = (model: string, toolConfig: ToolConfiguration | undefined): boolean =>
  toolConfig !== undefined && traitsOf(model).toolsUnstreamed === true;

async function openEvents(
  client: BedrockRuntimeClient,
  input: ConverseStreamCommandInput,
  abortSignal: AbortSignal,
): Promise<AsyncIterable<ConverseStreamOutput> | Iterable<ConverseStreamOutput>> {
  if (isUnstreamed(input.modelId ?? '', input.toolConfig)) {
    return toStreamEvents(await client.send(new ConverseCommand(input), { abortSignal }));
  }
  const { stream: events } = await client.send(new ConverseStreamCommand(input), { abortSignal });
  return events ?? [];
}
