import { describe, expect, it } from 'vitest';
import { callOf, serveBedrock } from '../../../support/bedrock-adapter.ts';
import { httpError } from '../../../support/bedrock-server.ts';

describe('embeddings', () => {
  const TITAN = 'amazon.titan-embed-text-v2:0';
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

  it('of many texts are fanned out, few at a time, and keep their order', async () => {
    let underWay = 0;
    let most = 0;
    const { adapter } = await serveBedrock(async ({ body }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return { body: { embedding: [Number(body.inputText)], inputTextTokenCount: 2 } };
    });
    const request = { model: TITAN, input: numbers(50) };
    const { data, usage } = await adapter.createEmbeddings(request, callOf());
    expect(data.map(({ embedding }) => embedding)).toEqual(numbers(50).map((n) => [Number(n)]));
    expect(usage).toEqual({ prompt_tokens: 100, total_tokens: 100 });
    expect(most).toBeLessThanOrEqual(8);
  });

  it('of Cohere are counted by the header', async () => {
    const { adapter, server } = await serveBedrock(({ body }) => ({
      headers: { 'x-amzn-bedrock-input-token-count': '10' },
      body: { embeddings: body.texts.map((text: string) => [Number(text)]) },
    }));
    const request = { model: 'cohere.embed-english-v3', input: numbers(97) };
    const { data, usage } = await adapter.createEmbeddings(request, callOf());
    expect(data.at(-1)).toEqual({ object: 'embedding', index: 96, embedding: [96] });
    expect(usage).toEqual({ prompt_tokens: 20, total_tokens: 20 });
    expect(server.calls.map(({ operation }) => operation)).toEqual(['invoke', 'invoke']);
  });

  it('fail with the first call that fails, and ask for no more', async () => {
    const { adapter, server } = await serveBedrock(() => httpError(429, 'ThrottlingException'));
    const answer = adapter.createEmbeddings({ model: TITAN, input: numbers(50) }, callOf());
    await expect(answer).rejects.toMatchObject({ reason: 'rate-limited' });
    expect(server.calls.length).toBeLessThanOrEqual(8);
  });

  it('end with the reason of a caller who leaves', async () => {
    const abort = new AbortController();
    const { adapter } = await serveBedrock(() => {
      abort.abort('left');
      return 'hang';
    });
    const answer = adapter.createEmbeddings({ model: TITAN, input: 'a' }, callOf(abort.signal));
    await expect(answer).rejects.toBe('left');
  });
});
