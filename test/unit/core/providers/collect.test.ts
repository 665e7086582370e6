import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../../core/contract/chat.ts';
import { collectResponse } from '../../../../core/providers/collect.ts';

async function* streamOf(...chunks: readonly ChatChunk[]) {
  yield* chunks;
}

const text = (content: string): ChatChunk => ({
  id: 'chatcmpl-1',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const stop: ChatChunk = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

const options = {
  provider: 'p',
  model: 'm',
  requestId: 'r',
  price: () => 'unpriced' as const,
  now: () => 0,
};

describe('collecting a completion', () => {
  it('gives the whole answer', async () => {
    await expect(
      collectResponse(streamOf(text('a'), text('b'), stop), options),
    ).resolves.toMatchObject({
      id: 'chatcmpl-1',
      provider: 'p',
      choices: [{ index: 0, message: { content: 'ab' }, finishReason: 'stop' }],
      usage: undefined,
      cost: 'unpriced',
    });
  });

  it.each([
    ['without a finish', [text('a')]],
    ['without anything', []],
  ])('fails as interrupted when the stream ends %s', async (_, chunks) => {
    await expect(collectResponse(streamOf(...chunks), options)).rejects.toMatchObject({
      name: 'ProviderFailure',
      reason: 'interrupted',
    });
  });
});
