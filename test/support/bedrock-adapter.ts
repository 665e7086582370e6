/** The real Bedrock adapter over a real SDK client, against scripted servers that end with their test. */
import { afterEach } from 'vitest';
import type { ChatChunk, ChatRequest } from '../../core/contract/chat.ts';
import { microUsd } from '../../core/contract/money.ts';
import { createPriceList } from '../../core/ledger/price.ts';
import { createBedrockAdapter, createBedrockClient } from '../../core/providers/bedrock/index.ts';
import type { Call, LLMRequest } from '../../core/providers/provider.ts';
import { type BedrockServer, event, type Script, startBedrockServer } from './bedrock-server.ts';

export const MODEL = 'us.anthropic.claude-sonnet-4-6';
export const NOW = Date.parse('2026-01-01T00:00:00Z');

let servers: BedrockServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

export async function serveBedrock(script: Script) {
  const server = await startBedrockServer(script);
  servers.push(server);
  return { server, adapter: bedrockAt(server.endpoint) };
}

/** Costs a micro-dollar a token, estimates seven, and lives at `NOW`. */
export function bedrockAt(endpoint: string) {
  const options = { region: 'us-east-1', bearerToken: 'bedrock-key', connectTimeoutMs: 1000 };
  return createBedrockAdapter({
    name: 'bedrock',
    client: createBedrockClient({ ...options, endpoint }),
    models: [MODEL],
    prices: {
      ...createPriceList({
        models: [MODEL],
        own: { [MODEL]: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } },
        vendor: 'aws',
        now: () => NOW,
        onUnpriced: () => {},
      }),
      estimateCost: () => ({ microUsd: microUsd(7), status: 'estimated' }),
    },
    now: () => NOW,
  });
}

export function requestOf(fields: Partial<ChatRequest> = {}, model = MODEL): LLMRequest {
  const messages = [{ role: 'user' as const, content: 'hi' }];
  const wire: ChatRequest = { model: 'smart', messages, ...fields };
  return { model, messages: wire.messages, wire, temperature: undefined, maxTokens: undefined };
}

export const callOf = (signal: AbortSignal = new AbortController().signal): Call => ({
  requestId: 'request-1',
  signal,
});

export async function textOf(chunks: AsyncIterable<ChatChunk>, onText?: (text: string) => void) {
  let text = '';
  for await (const { choices } of chunks) {
    text += choices[0]?.delta.content ?? '';
    if (text) onText?.(text);
  }
  return text;
}

/** The events of the shortest answer. */
export const begin = event('messageStart', { role: 'assistant' });
export const said = event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } });
export const stop = event('messageStop', { stopReason: 'end_turn' });
export const usage = event('metadata', {
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});
export const whole = [begin, said, stop, usage];
