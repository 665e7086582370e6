import { describe, expect, it } from 'vitest';
import type { ChatChunk, ChatRequest } from '../../../../core/contract/chat.ts';
import { microUsd, UNPRICED } from '../../../../core/contract/money.ts';
import { billed } from '../../../../core/ledger/bill.ts';
import { boundInput } from '../../../../core/ledger/prompt-size.ts';
import { type BilledUsage, promptTokens } from '../../../../core/ledger/token-usage.ts';

const wire: ChatRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello world' }] },
  ],
};
/** "Be brief." has 3 tokens, "Hello world" 2, and each message 4 more. */
const PROMPT = 3 + 2 + 2 * 4;

const said = (content: string, more: Partial<ChatChunk> = {}): ChatChunk => ({
  choices: [{ index: 0, delta: { content } }],
  ...more,
});
const usage = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 };

/** A micro-dollar a token. */
const price = ({ usage: { uncachedInput, output }, status }: BilledUsage) => ({
  microUsd: microUsd(uncachedInput + output),
  status,
});

async function billOf(
  chunks: readonly ChatChunk[],
  {
    maxTokens,
    request = wire,
    at = price,
  }: {
    readonly maxTokens?: number;
    readonly request?: ChatRequest;
    readonly at?: typeof price | (() => typeof UNPRICED);
  } = {},
) {
  async function* stream() {
    yield* chunks;
  }
  const { chunks: passing, bill } = billed(stream(), { wire: request, maxTokens }, at);
  const passed = await Array.fromAsync(passing);
  expect(passed).toEqual(chunks);
  return bill();
}

describe('a bill', () => {
  it("is over the provider's own count, and tells it with the cost", async () => {
    expect(await billOf([said('Hello world'), { choices: [], usage }])).toEqual({
      usage: { usage: { uncachedInput: 20, output: 9 }, status: 'exact' },
      cost: { microUsd: 29, status: 'exact' },
      wire: { ...usage, cost: 0.000029 },
    });
  });

  it('shows no cost where there is no price', async () => {
    const { wire } = await billOf([{ choices: [], usage }], { at: () => UNPRICED });
    expect(wire).toEqual(usage);
  });

  it('is estimated from the words where nothing was counted', async () => {
    expect(await billOf([said('Hello'), said(' world')])).toEqual({
      usage: { usage: { uncachedInput: PROMPT, output: 2 }, status: 'estimated' },
      cost: { microUsd: PROMPT + 2, status: 'estimated' },
      wire: {
        prompt_tokens: PROMPT,
        completion_tokens: 2,
        total_tokens: PROMPT + 2,
        estimated: true,
        cost: (PROMPT + 2) / 1_000_000,
      },
    });
  });

  it('adds what was said after a count, as when an answer breaks off', async () => {
    const early = said('', {
      usage: { prompt_tokens: 20, completion_tokens: 0, total_tokens: 20 },
    });
    expect((await billOf([early, said('Hello world')])).usage).toEqual({
      usage: { uncachedInput: 20, output: 2 },
      status: 'estimated',
    });
  });

  it('divides a total by what was said', async () => {
    const { usage } = await billOf([
      said('Hello world'),
      { choices: [], usage: { total_tokens: 30 } },
    ]);
    expect(usage).toEqual({ usage: { uncachedInput: 28, output: 2 }, status: 'estimated' });
  });

  it('estimates no more than the request allows', async () => {
    const { usage } = await billOf([said('word '.repeat(50))], { maxTokens: 7 });
    expect(usage.usage.output).toBe(7);
    const two = await billOf([said('word '.repeat(50))], {
      maxTokens: 7,
      request: { ...wire, n: 2 },
    });
    expect(two.usage.usage.output).toBe(14);
  });

  it('estimates no more input than the request has room for', async () => {
    const messages = [
      { role: 'user' as const, content: '' },
      { role: 'assistant' as const, content: null, tool_calls: [{ id: 'a', type: 'function' }] },
      { role: 'user' as const, content: [{ type: 'image_url', image_url: { url: 'https://a' } }] },
    ];
    const request: ChatRequest = {
      ...wire,
      messages,
      tools: [{ type: 'function', function: { name: 'now' } }],
      response_format: { type: 'json_object' },
    };
    const { usage } = await billOf([], { request });
    expect(promptTokens(usage.usage)).toBeGreaterThan(1_000);
    expect(promptTokens(usage.usage)).toBeLessThanOrEqual(boundInput(request, messages));
  });
});
