/** What every provider must do on its vendor's wire: as the core uses it, and as a client of the core sees it. */
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { toLLMRequest } from '../../core/chat/llm-request.ts';
import { parseConfig } from '../../core/config/gateway-config.ts';
import type { ChatChunk, ChatCompletion } from '../../core/contract/chat.ts';
import {
  beginCompletion,
  finishCompletion,
  foldChunk,
  hasContent,
} from '../../core/contract/completion-stream.ts';
import { createUpstreamFetch } from '../../core/http/upstream-fetch.ts';
import type { Call, LLMRequest, ProviderAdapter } from '../../core/providers/provider.ts';
import { createProviders } from '../../core/providers/registry.ts';
import { startCoreApp } from '../support/core-app.ts';
import {
  publishedChunk,
  publishedCompletion,
  publishedEmbeddings,
} from '../support/openai-shape.ts';
import {
  chatOf,
  heardOf,
  type SceneName,
  type Stage,
  type Vendor,
} from '../support/provider-scene.ts';

const ANSWERS = [
  'text',
  'tool call',
  'parallel tool calls',
  'length stop',
  'no usage',
  'novelties',
] as const;

const PRICE = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };

export function describeProvider(name: string, vendor: Vendor): void {
  /** In those of the scenes that the vendor can play. */
  const when = (
    scenes: readonly SceneName[],
    guarantee: string,
    check: (provider: Opened) => Promise<unknown>,
  ) =>
    it.each(scenes.filter((scene) => vendor.scenes.includes(scene)))(
      `${guarantee} (%s)`,
      async (scene) => {
        await using provider = await open(vendor, scene);
        await check(provider);
      },
    );

  describe(`provider: ${name}`, () => {
    describe.each(Object.entries(WAYS))('an answer asked for %s', (_, ask) => {
      when(ANSWERS, 'is what the model said', async (provider) => {
        expect(heardOf(await ask(provider))).toEqual(provider.heard);
      });

      when(['nothing said', 'no finish', 'cut'], 'is not taken for whole', (provider) =>
        expect(ask(provider)).rejects.toMatchObject({ reason: 'interrupted' }),
      );

      when(['outage'], 'fails with the status', (provider) =>
        expect(ask(provider)).rejects.toMatchObject({
          reason: 'server-error',
          details: { status: 500 },
        }),
      );

      when(['rate limit'], 'fails with the time to wait', (provider) =>
        expect(ask(provider)).rejects.toMatchObject({
          reason: 'rate-limited',
          details: { status: 429, retryAfterMs: 7_000 },
        }),
      );

      when(['no such model'], 'fails as just that', (provider) =>
        expect(ask(provider)).rejects.toMatchObject({ reason: 'model-not-found' }),
      );

      when(['text'], 'fails as never sent where nothing listens', async (provider) => {
        await provider.close();
        await expect(ask(provider)).rejects.toMatchObject({ reason: 'connect' });
      });

      when(['silence', 'silence after content'], 'ends upstream when aborted', async (provider) => {
        const controller = new AbortController();
        const left = new Error('the client has left');
        const answer = ask(provider, callWith(controller.signal));
        await expect.poll(provider.isLeft).toBe(false);
        controller.abort(left);
        await expect(answer).rejects.toBe(left);
        await expect.poll(provider.isLeft).toBe(true);
      });
    });

    describe('a stream', () => {
      when(['silence after content'], 'shows content as it comes', async (provider) => {
        for await (const chunk of stream(provider)) if (hasContent(chunk)) break;
        // The reader has left.
        await expect.poll(provider.isLeft).toBe(true);
      });

      when(['silence after content'], 'fails when it breaks off', async (provider) => {
        const reading = gather(stream(provider), (chunk) => {
          if (hasContent(chunk)) void provider.close();
        });
        await expect(reading).rejects.toMatchObject({ reason: 'interrupted' });
      });
    });

    describe('what a client of the core gets', () => {
      when(ANSWERS, 'is an answer of the published shape', async (provider) => {
        const { client, body, received } = await clientOf(provider);
        expect(heardOf(await client.create(body))).toEqual(provider.heard);
        publishedCompletion.parse(JSON.parse(await received()));
      });

      for (const mode of ['live', 'verified']) {
        when(ANSWERS, `is a ${mode} stream of chunks of the published shape`, async (provider) => {
          const { client, body, received } = await clientOf(provider);
          const streamed = client.stream(
            { ...body, stream: true, stream_options: { include_usage: true } },
            { headers: { 'x-gateway-stream': mode } },
          );
          expect(heardOf(await streamed.finalChatCompletion())).toEqual(provider.heard);
          z.array(publishedChunk).parse(chunksIn(await received()));
        });
      }
    });

    when(['text'], 'estimates no less than the price', async (provider) => {
      const { adapter, request } = provider;
      const { cost } = await adapter.generateCompletion(request, callWith());
      expect(cost).toEqual({ microUsd: expect.toSatisfy((amount) => amount > 0), status: 'exact' });
      const estimate = adapter.estimateCost(request);
      expect(estimate.microUsd).toBeGreaterThanOrEqual(cost.microUsd);
      expect(adapter.estimateCost({ ...request, model: 'nobody' })).toEqual({
        microUsd: estimate.microUsd,
        status: 'unpriced',
      });
    });

    when(['text'], 'lists its models', async ({ adapter }) => {
      expect(await adapter.listModels()).toContainEqual(
        expect.objectContaining({ id: vendor.model }),
      );
    });

    when(['text'], 'is available as long as its server is', async ({ adapter, close }) => {
      expect(await adapter.isAvailable()).toBe(true);
      await close();
      expect(await adapter.isAvailable()).toBe(false);
    });

    const { embeddingModel } = vendor;
    if (embeddingModel) {
      when(['text'], 'embeds in the order of the inputs', async ({ adapter }) => {
        const embed = async (...input: string[]) =>
          adapter.createEmbeddings({ model: embeddingModel, input }, callWith());
        const texts = ['one', 'three', 'seventeen'];
        const alone = await Promise.all(texts.map((text) => embed(text)));
        const together = await embed(...texts);
        expect(together.data).toEqual(alone.map(({ data: [item] }, index) => ({ ...item, index })));
        publishedEmbeddings.parse(together);
      });
    }
  });
}

interface Opened extends Stage, AsyncDisposable {
  readonly adapter: ProviderAdapter;
  readonly request: LLMRequest;
}

async function open(vendor: Vendor, scene: SceneName): Promise<Opened> {
  const stage = await vendor.start(scene);
  const config = { name: 'up', prices: { [vendor.model]: PRICE }, ...stage.config };
  const body = chatOf(scene, vendor.model);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= stage.close();
    return closing;
  };
  return {
    ...stage,
    config,
    close,
    [Symbol.asyncDispose]: close,
    adapter: adapterOf(config),
    request: toLLMRequest(
      { model: body.model, reasoning: false },
      { request: body, principal: { budgets: [] } },
    ),
  };
}

/** Built as production builds it: from the configuration. */
function adapterOf(entry: object): ProviderAdapter {
  const { providers } = parseConfig(JSON.stringify({ providers: [entry] }));
  const [provider] = createProviders(providers, {
    secret: (reference) => reference,
    upstreamFetch: createUpstreamFetch,
    now: Date.now,
    onUnpriced: () => {},
  }).values();
  if (!provider) throw new Error('The entry is not enabled.');
  return provider.adapter;
}

const callWith = (signal = new AbortController().signal): Call => ({
  requestId: crypto.randomUUID(),
  signal,
});

const stream = ({ adapter, request }: Opened, call = callWith()) =>
  adapter.streamCompletion(request, call);

const WAYS = {
  whole: async ({ adapter, request }: Opened, call = callWith()) =>
    (await adapter.generateCompletion(request, call)).wire,
  'as a stream': (provider: Opened, call = callWith()) => gather(stream(provider, call)),
};

/** A stream that just ends has claimed to be whole. */
async function gather(
  chunks: AsyncIterable<ChatChunk>,
  onChunk: (chunk: ChatChunk) => void = () => {},
): Promise<ChatCompletion> {
  let soFar = beginCompletion({ id: 'none', created: 0, model: 'none' });
  for await (const chunk of chunks) {
    onChunk(chunk);
    soFar = foldChunk(soFar, chunk);
  }
  const whole = finishCompletion(soFar);
  if (!whole) throw new Error('The stream ended before the answer was whole.');
  return whole;
}

/** The official client over the core's app, and the text it received: the client itself mends what is missing. */
async function clientOf({ config, request: { wire } }: Opened) {
  const core = await startCoreApp({ providers: [config] });
  let copy: Response | undefined;
  const openai = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://core/v1',
    maxRetries: 0,
    async fetch(url, init) {
      const answer = await core.fetch(new URL(String(url)).pathname, init);
      copy = answer.clone();
      return answer;
    },
  });
  const model = `up/${wire.model}`;
  return {
    client: openai.chat.completions,
    body: { ...wire, model } as OpenAI.ChatCompletionCreateParamsNonStreaming,
    received: async () => copy?.text() ?? '',
  };
}

function chunksIn(text: string): readonly unknown[] {
  const events = text.split('\n\n').filter((event) => event.startsWith('data: '));
  expect(events.at(-1)).toBe('data: [DONE]');
  return events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
}
